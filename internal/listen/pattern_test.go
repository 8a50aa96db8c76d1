package listen

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"herald/providers"
)

// A call fits an address only when the address, with one token in all its places, is what was called.
func FuzzPattern(f *testing.F) {
	key := ours.String()
	f.Add("/maax/{token}", "/maax/"+key, "")
	f.Add("/{token}/a{token}?x={token}&{token}", "/"+key+"/a"+key, "x="+key+"&"+key)
	f.Add("/a?b=c%20d", "/a", "e&b=c+d")
	f.Fuzz(func(t *testing.T, address, path, query string) {
		p, _, err := parsePattern(address)
		pairs, ok := parseQuery(query)
		if err != nil || !ok {
			return
		}
		token, fits := p.match(target{path, pairs})
		if !fits {
			if token != ([16]byte{}) {
				t.Fatal("a token of a call that does not fit")
			}
			return
		}
		with := hex.EncodeToString(token[:])
		if got := strings.Join(p.path, with); got != path {
			t.Fatalf("%q fits %q with %s", path, address, with)
		}
		for _, want := range p.query {
			if pair := [2]string{strings.Join(want[0], with), strings.Join(want[1], with)}; !slices.Contains(pairs, pair) {
				t.Fatalf("%q fits %q with %s, without %q", query, address, with, pair)
			}
		}
		if !p.tokens() && token != ([16]byte{}) {
			t.Fatal("a token out of nothing")
		}
	})
}

// Whatever address a callback has, a call to it with a token is found to be one.
func TestPatternsFindTheirCalls(t *testing.T) {
	for _, address := range []string{
		"https://e.com/{token}", "https://e.com/a-{token}.json", "https://e.com/{token}/{token}", "https://e.com/{token}{token}", "https://e.com?t={token}",
		"https://e.com/?{token}", "https://e.com/ü%20x/{token}?a=1&b=%26&t={token}", "https://e.com/%2F{token}", "https://e.com/a;b/{token}?x=1;2",
	} {
		p, _, err := parsePattern(address)
		if err != nil || !p.tokens() {
			t.Fatalf("%s: %v", address, err)
		}
		r := start(t, func(c *Config) {
			c.Receivers = map[string]providers.Receiver{"maax": calls{{Name: "answer", URL: address}}}
		})
		called := strings.TrimPrefix(strings.ReplaceAll(address, "{token}", ours.String()), "https://e.com")
		if status, _, _ := r.call(t, "POST", called, nil, text("a")); status != 200 {
			t.Errorf("%s: %d", called, status)
		}
	}
}
