package listen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"herald/internal/inbox"
	"herald/providers"
)

const hook = "/webhooks/chatwoot.support"

// TestCalls is one call each, what it is answered, and what is in the inbox then.
func TestCalls(t *testing.T) {
	long := strings.Repeat("x", maxBody)
	tests := map[string]struct {
		method string // POST unless given
		path   string
		header http.Header
		body   io.Reader
		status int
		result Result
		kept   string // account and callback of the row, "" for none
	}{
		"answer":                         {path: "/maax/" + ours.String(), body: text(`{"a":1}`), status: 200, result: Stored, kept: "maax answer"},
		"answer, not JSON":               {path: "/maax/" + ours.String(), header: http.Header{"Content-Type": {"image/png"}}, body: text("\x00\xff"), status: 200, result: Stored, kept: "maax answer"},
		"empty body":                     {path: "/maax/" + ours.String(), body: text(""), status: 200, result: Stored, kept: "maax answer"},
		"more query":                     {path: "/maax/" + ours.String() + "?utm=1", body: text("a"), status: 200, result: Stored, kept: "maax answer"},
		"follow-up":                      {path: "/maax/" + ours.String() + "?followup=1", body: text("a"), status: 200, result: Stored, kept: "maax followup"},
		"follow-up, more query":          {path: "/maax/" + ours.String() + "?x=&followup=1&y", body: text("a"), status: 200, result: Stored, kept: "maax followup"},
		"other follow-up":                {path: "/maax/" + ours.String() + "?followup=2", body: text("a"), status: 200, result: Stored, kept: "maax answer"},
		"same address, other account":    {path: "/maax/" + other.String(), body: text("a"), status: 200, result: Stored, kept: "maax.b answer"},
		"token in the query":             {path: "/later?send=" + other.String() + "&key=s/cret", body: text("a"), status: 200, result: Stored, kept: "maax.b followup"},
		"token twice, differing":         {path: "/later?send=" + ours.String() + "&send=" + other.String() + "&key=s%2fcret", body: text("a"), status: 404, result: Unknown},
		"wrong key in the query":         {path: "/later?send=" + other.String() + "&key=guess", body: text("a"), status: 404, result: Unknown},
		"no key in the query":            {path: "/later?send=" + other.String(), body: text("a"), status: 404, result: Unknown},
		"bad query":                      {path: "/maax/" + ours.String() + "?a=%zz", body: text("a"), status: 404, result: Unknown},
		"long query":                     {path: "/maax/" + ours.String() + "?" + strings.Repeat("a&", maxPairs+1), body: text("a"), status: 404, result: Unknown},
		"wrong token":                    {path: "/maax/" + providers.NewKey().String(), body: text("a"), status: 404, result: Unknown},
		"other account's token":          {path: "/later?send=" + ours.String() + "&key=s%2Fcret", body: text("a"), status: 404, result: Unknown},
		"token in capitals":              {path: "/maax/" + strings.ToUpper(ours.String()), body: text("a"), status: 404, result: Unknown},
		"short token":                    {path: "/maax/" + ours.String()[1:], body: text("a"), status: 404, result: Unknown},
		"long token":                     {path: "/maax/" + ours.String() + "0", body: text("a"), status: 404, result: Unknown},
		"token and slash":                {path: "/maax/" + ours.String() + "/", body: text("a"), status: 404, result: Unknown},
		"the mark itself":                {path: "/maax/%7Btoken%7D", body: text("a"), status: 404, result: Unknown},
		"no token":                       {path: "/maax/", body: text("a"), status: 404, result: Unknown},
		"root":                           {path: "/", body: text("a"), status: 404, result: Unknown},
		"no such path":                   {path: "/admin", body: text("a"), status: 404, result: Unknown},
		"dots":                           {path: "/x/../maax/" + ours.String(), body: text("a"), status: 404, result: Unknown},
		"two slashes":                    {path: "//maax/" + ours.String(), body: text("a"), status: 404, result: Unknown},
		"forwarded":                      {path: "/", header: http.Header{"X-Forwarded-Uri": {"/maax/" + ours.String()}, "X-Original-Url": {"/maax/" + ours.String()}}, body: text("a"), status: 404, result: Unknown},
		"health":                         {method: "GET", path: "/healthz", status: 200, result: Health},
		"health, asked shortly":          {method: "HEAD", path: "/healthz", status: 200, result: Health},
		"health by POST":                 {path: "/healthz", status: 404, result: Unknown},
		"health by PUT":                  {method: "PUT", path: "/healthz", status: 405, result: BadMethod},
		"GET":                            {method: "GET", path: "/maax/" + ours.String(), status: 405, result: BadMethod},
		"PUT":                            {method: "PUT", path: "/maax/" + ours.String(), body: text("a"), status: 405, result: BadMethod},
		"DELETE":                         {method: "DELETE", path: hook, status: 405, result: BadMethod},
		"GET of nothing":                 {method: "GET", path: "/nothing", status: 405, result: BadMethod},
		"another method, as a header":    {method: "GET", path: "/maax/" + ours.String(), header: http.Header{"X-Http-Method-Override": {"POST"}}, status: 405, result: BadMethod},
		"as large as may be":             {path: "/maax/" + ours.String(), body: text(long), status: 200, result: Stored, kept: "maax answer"},
		"as large, unannounced":          {path: "/maax/" + ours.String(), body: io.MultiReader(text(long)), status: 200, result: Stored, kept: "maax answer"},
		"too large":                      {path: "/maax/" + ours.String(), body: text(long + "x"), status: 413, result: TooLarge},
		"too large, unannounced":         {path: "/maax/" + ours.String(), body: io.MultiReader(text(long + "x")), status: 413, result: TooLarge},
		"endless":                        {path: "/maax/" + ours.String(), body: io.LimitReader(endless{}, 1<<30), status: 413, result: TooLarge},
		"endless, to a webhook":          {path: hook, body: io.LimitReader(endless{}, 1<<30), status: 413, result: TooLarge},
		"endless, with an unknown token": {path: "/maax/" + providers.NewKey().String(), body: io.LimitReader(endless{}, 1<<20), status: 404, result: Unknown},
		"webhook":                        {path: hook, header: signed(secret, at, "d", "{}"), body: text("{}"), status: 200, result: Stored, kept: "chatwoot.support webhook"},
		"webhook without delivery":       {path: hook, header: signed(secret, at, "", "{}"), body: text("{}"), status: 200, result: Stored, kept: "chatwoot.support webhook"},
		"webhook, almost old":            {path: hook, header: signed(secret, at.Add(-5*time.Minute), "d", "{}"), body: text("{}"), status: 200, result: Stored, kept: "chatwoot.support webhook"},
		"old webhook":                    {path: hook, header: signed(secret, at.Add(-5*time.Minute-time.Second), "d", "{}"), body: text("{}"), status: 401, result: Forged},
		"webhook of the future":          {path: hook, header: signed(secret, at.Add(5*time.Minute+time.Second), "d", "{}"), body: text("{}"), status: 401, result: Forged},
		"another secret":                 {path: hook, header: signed("guess", at, "d", "{}"), body: text("{}"), status: 401, result: Forged},
		"other words":                    {path: hook, header: signed(secret, at, "d", "{}"), body: text("{ }"), status: 401, result: Forged},
		"no signature":                   {path: hook, body: text("{}"), status: 401, result: Forged},
		"webhook of another account":     {path: "/webhooks/chatwoot", header: signed(secret, at, "d", "{}"), body: text("{}"), status: 404, result: Unknown},
		"webhook of an asking account":   {path: "/webhooks/maax", header: signed(secret, at, "d", "{}"), body: text("{}"), status: 404, result: Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			if tt.method == "" {
				tt.method = http.MethodPost
			}
			status, said, header := r.call(t, tt.method, tt.path, tt.header, tt.body)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			if allow := header.Get("Allow"); (allow != "") != (status == 405) {
				t.Errorf("Allow is %q", allow)
			}
			if tt.method != http.MethodHead && !strings.HasSuffix(said, "\n") || len(said) > 20 || header.Get("Location")+header.Get("Server") != "" {
				t.Errorf("it says %q, %v", said, header)
			}
			events := r.take()
			if len(events) != 1 || events[0].Result != tt.result || events[0].Status != tt.status || (events[0].Err != nil) != (tt.result == Forged) {
				t.Errorf("%+v", events)
			}
			for _, hidden := range []string{secret, ours.String(), other.String(), "s/cret", "s%2F", "xxx"} {
				if strings.Contains(fmt.Sprintf("%+v %s", events, events), hidden) {
					t.Errorf("%q is in %+v", hidden, events)
				}
			}
			kept := ""
			for _, i := range r.items(t) {
				kept += i.Account + " " + i.Callback
				if !i.At.Equal(at) || (i.Token == inbox.Token{}) != strings.Contains(kept, "webhook") {
					t.Errorf("%+v", i)
				}
			}
			if kept != tt.kept {
				t.Errorf("kept %q, want %q", kept, tt.kept)
			}
		})
	}
}

// A stranger sees no difference between an address that does not exist and a token that nobody has, nor does the time
// tell: both look one token up.
func TestUnknownLooksAlike(t *testing.T) {
	asked := 0
	r := start(t, func(c *Config) {
		c.Known = func(context.Context, [16]byte, string) (bool, error) { asked++; return false, nil }
	})
	type look struct {
		status int
		text   string
		header http.Header
		asked  int
	}
	var first *look
	for _, path := range []string{"/later?send=" + ours.String() + "&key=s%2Fcret", "/later", "/", "/later?send=x&key=s%2Fcret", "/webhooks/x", "/?%zz"} {
		asked = 0
		l := &look{}
		l.status, l.text, l.header = r.call(t, http.MethodPost, path, nil, text("a"))
		l.header.Del("Date")
		l.asked = asked
		if first == nil {
			first = l
		}
		if l.status != 404 || l.asked != 1 || !reflect.DeepEqual(l, first) {
			t.Errorf("%s: %+v, want %+v", path, l, first)
		}
	}
}

// A call that comes again is answered as before, and kept once.
func TestReplays(t *testing.T) {
	r := start(t, nil)
	for n, want := range []Result{Stored, Replayed, Replayed} {
		for path, header := range map[string]http.Header{
			"/maax/" + ours.String(): nil,
			hook:                     signed(secret, at.Add(time.Duration(n)*time.Second), "d", "{}"),
		} {
			status, said, _ := r.call(t, http.MethodPost, path, header, text("{}"))
			if events := r.take(); status != 200 || said != "ok\n" || len(events) != 1 || events[0].Result != want {
				t.Errorf("%d, %s: %d %q %v", n, path, status, said, events)
			}
		}
	}
	if all := r.items(t); len(all) != 2 {
		t.Errorf("%d items", len(all))
	}
}

// broken is an inbox that cannot keep anything.
type broken struct{}

func (broken) Add(context.Context, inbox.Item) (bool, error) {
	return false, errors.New("the disk is full")
}

// Nothing is answered 200 that is not on the disk.
func TestWhatCannotBeKept(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"disk": func(c *Config) { c.Inbox = broken{} },
		"look-up": func(c *Config) {
			c.Known = func(context.Context, [16]byte, string) (bool, error) { return false, errors.New("the disk is full") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, change)
			status, said, header := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text("a"))
			if status != 503 || said != "try again\n" || header.Get("Retry-After") != "5" {
				t.Errorf("%d %q %v", status, said, header)
			}
			if e := r.take(); len(e) != 1 || e[0].Result != Failed || !strings.Contains(e[0].String(), "maax answer: failed: the disk is full") {
				t.Errorf("%v", e)
			}
		})
	}
}

func TestRoutes(t *testing.T) {
	r := start(t, nil)
	got := ""
	for _, one := range r.Routes() {
		got += fmt.Sprintln(one.Account, one.Callback, one.Path, one.Token, one.Unserved)
	}
	want := "chatwoot.support webhook /webhooks/chatwoot.support false \nmaax answer /maax/{token} true \nmaax followup /maax/{token} true \n" +
		"maax.b answer /maax/{token} true \nmaax.b followup /later true \n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// calls is a receiver with callbacks of its own.
type calls []providers.Callback

func (c calls) Callbacks() []providers.Callback { return c }
func (calls) Verify(string, http.Header, []byte, time.Time) (string, error) {
	return "", nil
}
func (calls) Read(string, []byte) providers.Arrival { return providers.Arrival{} }

func TestStripPrefix(t *testing.T) {
	r := start(t, func(c *Config) {
		c.StripPrefix = "/herald/"
		c.Receivers = map[string]providers.Receiver{"maax": calls{
			{Name: "in", URL: "https://example.com/herald/a/{token}"}, {Name: "bare", URL: "https://example.com/herald{token}"}, {Name: "out", URL: "https://example.com/b/{token}"},
		}, "hook": calls{{Name: "webhook"}}}
	})
	for path, want := range map[string]int{"/a/": 200, "/herald/a/": 404, "/b/": 404, "/": 404} {
		if status, _, _ := r.call(t, http.MethodPost, path+ours.String(), nil, text("a")); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, _, _ := r.call(t, http.MethodPost, "/webhooks/hook", nil, text("a")); status != 200 {
		t.Errorf("the webhook: %d", status)
	}
	served := map[string]string{}
	for _, one := range r.Routes() {
		served[one.Callback] = one.Path + " " + one.Unserved
	}
	if served["in"] != "/a/{token} " || !strings.Contains(served["out"], `does not begin with the prefix "/herald"`) || !strings.Contains(served["bare"], "does not begin") {
		t.Errorf("%v", served)
	}
}

func TestWrongConfigs(t *testing.T) {
	good := Config{Known: known, Inbox: broken{}, Receivers: map[string]providers.Receiver{"a": calls{{Name: "w"}}}}
	for says, change := range map[string]func(*Config){
		"a bug in herald":     func(c *Config) { c.Inbox = nil },
		"with webhook_secret": func(c *Config) { c.Receivers = nil },
		"a, x: its address has no {token}, so nothing would tell": func(c *Config) {
			c.Receivers = map[string]providers.Receiver{"a": calls{{Name: "x", URL: "https://example.com/hook?key=s%2Fcret"}}}
		},
		"cannot be read": func(c *Config) {
			c.Receivers = map[string]providers.Receiver{"a": calls{{Name: "x", URL: "https://exa mple.com/s/cret{token}"}}}
		},
		"the query": func(c *Config) {
			c.Receivers = map[string]providers.Receiver{"a": calls{{Name: "x", URL: "https://e.com/?s/cret=%zz{token}"}}}
		},
		"takes up to":           func(c *Config) { c.MaxBody = inbox.MaxBody + 1 },
		"all together may have": func(c *Config) { c.MaxBody, c.MaxHeld = 10, 5 },
		"write it like /herald": func(c *Config) { c.StripPrefix = "herald" },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s/cret") || err != nil && strings.Contains(err.Error(), "s%2F") {
			t.Errorf("%s: %v", says, err)
		}
	}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
}
