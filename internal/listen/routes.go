package listen

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"herald/providers"
)

// webhooks is where the paths begin of callbacks whose vendor has the address from its own settings.
const webhooks = "/webhooks/"

// Route is one callback as the server has it.
type Route struct {
	Account  string
	Callback string
	Path     string // without the query; {token} in it stands for the token of a send
	Token    bool   // a token proves a call; else a signature does
	Unserved string // why the server does not receive it, and how to mend that; "" when it does
}

// route is a Route that is received.
type route struct {
	Route
	receiver providers.Receiver
	pattern  pattern
}

// routes lists the callbacks of all receivers, by account. Those that are received come with the longest query first: of
// two patterns that a call fits, the one that asks for more is meant.
func routes(c Config) (served []route, all []Route) {
	for _, account := range slices.Sorted(maps.Keys(c.Receivers)) {
		receiver := c.Receivers[account]
		for _, callback := range receiver.Callbacks() {
			r := route{Route: Route{Account: account, Callback: callback.Name}, receiver: receiver}
			if r.pattern, r.Path, r.Unserved = place(c, account, callback); r.Unserved == "" {
				r.Token = r.pattern.tokens()
				if callback.URL != "" && !r.Token {
					r.Unserved = "its address has no " + providers.TokenMark + ", so nothing would tell whose call it is, nor that it is the vendor's; put it into the path or behind \"?\""
				}
			}
			if r.Unserved == "" {
				served = append(served, r)
			}
			all = append(all, r.Route)
		}
	}
	slices.SortStableFunc(served, func(a, b route) int { return cmp.Compare(len(b.pattern.query), len(a.pattern.query)) })
	return served, all
}

// place finds where calls arrive.
func place(c Config, account string, callback providers.Callback) (p pattern, path, wrong string) {
	if callback.URL == "" {
		path = webhooks + account
		return pattern{path: []string{path}}, path, ""
	}
	p, path, err := parsePattern(callback.URL)
	if err != nil {
		return p, "", err.Error()
	}
	if c.StripPrefix == "" {
		return p, path, ""
	}
	rest, ok := strings.CutPrefix(p.path[0], c.StripPrefix)
	if ok && rest == "" && len(p.path) == 1 {
		rest = "/" // no request has less
	}
	if !ok || !strings.HasPrefix(rest, "/") {
		return p, path, fmt.Sprintf("its path does not begin with the prefix %s, which is taken away from it; mend the prefix, or its address", providers.Quote(c.StripPrefix))
	}
	p.path[0] = rest
	return p, cmp.Or(strings.TrimPrefix(path, c.StripPrefix), "/"), ""
}

// none says why a server would have nothing to receive.
func none(all []Route) error {
	why := "no account has a callback: herald listen needs an account of maax, or one of chatwoot or digital99 with webhook_secret"
	if len(all) > 0 {
		why = ""
		for _, r := range all {
			why += fmt.Sprintf("%s, %s: %s. ", r.Account, r.Callback, r.Unserved)
		}
	}
	return fmt.Errorf("there is nothing to receive: %s", strings.TrimRight(why, ". "))
}
