package providertest_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

// watcherVariable tells a child process which fault its watcher has.
const watcherVariable = "HERALD_TEST_WATCHER_FAULT"

// watcher is a toy that finds out what became of messages, or has one fault in that.
type watcher struct {
	*toy
	fault string
}

func watcherType(fault string) providers.Type {
	plain := toyType("")
	facts := plain.Facts
	facts.Tells = []providers.Fact{providers.FactFailed, providers.FactReplied}
	switch fault {
	case "tells more than it says":
		facts.Tells = facts.Tells[1:]
	case "says more than it tells":
		facts.Tells = append(facts.Tells, providers.FactRead)
	case "says nothing":
		facts.Tells = nil
	case "says what is no fact":
		facts.Tells[0] = "seen"
	}
	return providers.Type{Facts: facts, Open: func(a providers.Account) (providers.Provider, error) {
		p, err := plain.Open(a)
		if err != nil {
			return nil, err
		}
		w := &watcher{toy: p.(*toy), fault: fault}
		if fault == "asks with the other token" {
			w.reader = w.sender
		}
		return w, nil
	}}
}

// Watch reads {"messages":[{"id","by","text","at","failed"}]} of each place, oldest first, in one request.
func (w *watcher) Watch(ctx context.Context, sends []providers.Delivery, turn func(context.Context) error, report func(providers.Report)) providers.Outcome {
	if w.token == "" && w.fault != "asks without its token" {
		return providers.Outcome{Class: providers.AccountError, Reason: "read_token is not set, nor EXAMPLE_READ_TOKEN"}
	}
	lost := 0
	for i, d := range sends {
		if d.Place == "" || d.ID == "" || strings.Contains(d.Place, "..") {
			continue
		}
		if w.fault != "asks without a turn" {
			if err := turn(ctx); err != nil && w.fault != "asks though the turn failed" {
				return providers.Outcome{Class: providers.NotSent, Reason: err.Error()}
			}
		}
		var r providers.Report
		read := w.reader.Read
		if w.fault == "asks by a client of its own" {
			read = w.bare
		}
		o := read(ctx, providers.Request{Method: http.MethodGet, Path: "/v1/people/" + wire.Segment(d.Place) + "/messages"}, func(a wire.Answer) providers.Outcome {
			o := a.ByStatus("")
			if o.Class == providers.AccountError {
				o.Reason += "; read_token is what it takes"
			}
			var page struct {
				Messages []json.RawMessage `json:"messages"`
			}
			if !a.Success() || json.Unmarshal(a.Body, &page) != nil || page.Messages == nil {
				if w.fault == "takes garbage for an empty page" && a.Success() {
					o = a.Outcome(providers.Accepted, "")
				}
				return o
			}
			r = w.report(d, page.Messages)
			return a.Outcome(providers.Accepted, "")
		})
		r.Send = i
		if w.fault == "numbers wrongly" {
			r.Send++
		}
		switch {
		case o.Class == providers.Refused && w.fault != "ends where one is not there":
			lost++
			continue
		case o.Class != providers.Accepted && w.fault == "forgets the class":
			o.Class = providers.Unknown
			return o
		case o.Class != providers.Accepted && w.fault == "reports though it failed":
			report(providers.Report{Send: i, Replied: d.Begun, Reply: "?", Vendor: json.RawMessage("{}")})
			return o
		case o.Class != providers.Accepted && w.fault == "tells a secret":
			o.Reason = "asked with " + w.token
			return o
		case o.Class != providers.Accepted && w.fault == "names no token":
			o.Reason = "HTTP error"
			return o
		case o.Class != providers.Accepted:
			return o
		case !r.Failed.IsZero() || !r.Replied.IsZero() || w.fault == "reports nothing":
			report(r)
		}
		if w.fault == "reports twice" {
			report(r)
		}
	}
	if lost > 0 && w.fault != "keeps quiet of what is lost" {
		return providers.Outcome{Class: providers.Accepted, Note: "some are not there"}
	}
	return providers.Outcome{Class: providers.Accepted}
}

// report reads what a page tells of a message.
func (w *watcher) report(d providers.Delivery, page []json.RawMessage) (r providers.Report) {
	after := w.fault == "takes what came before"
	for _, raw := range page {
		var m struct {
			ID, By, Text, Failed string
			At                   time.Time
		}
		json.Unmarshal(raw, &m)
		switch {
		case m.ID == d.ID:
			after = true
			if m.Failed != "" {
				r.Failed, r.Reason = m.At, w.reader.Line(m.Failed)
				if w.fault == "tells what nobody cleaned" {
					r.Reason = strings.Join(strings.Fields(m.Failed), " ")
				}
			}
		case after && m.By != "" && r.Replied.IsZero() && !m.At.IsZero():
			r.Replied, r.Reply, r.Vendor = m.At, m.Text, raw
			if w.fault == "another object" {
				r.Vendor = json.RawMessage(`{"text":1}`)
			}
		}
	}
	return r
}

// watcherSubject is a toy's subject with calls of Watch.
func watcherSubject(fault string) providertest.Subject {
	s := toySubject("")
	s.Type = watcherType(fault)
	s.Originals = nil
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	page := func(all ...string) providertest.Answer {
		return providertest.Answer{Body: `{"messages":[` + strings.Join(all, ",") + `]}`}
	}
	const before = `{"id":"m0","by":"Ada","text":"Early","at":"2026-11-20T08:00:00Z"}`
	const ours = `{"id":"m1","text":"Hi","at":"2026-11-20T09:00:00Z"}`
	const failed = `{"id":"m1","text":"Hi","at":"2026-11-20T09:00:00Z","failed":"no such number"}`
	const hers = `{"id":"m2","by":"Ada","text":"Bye","at":"2026-11-20T10:00:00Z"}`
	send := func(place string) providers.Delivery {
		return providers.Delivery{Place: place, ID: "m1", Begun: at, Ended: at}
	}
	replied := providers.Report{Replied: at.Add(time.Hour), Reply: "Bye"}
	second := replied
	second.Send = 1
	s.Watches = []providertest.Watching{
		{Name: "replied", Sends: []providers.Delivery{send("a/b")}, Asks: []string{"/v1/people/a%2Fb/messages"}, Pages: []providertest.Answer{page(before, ours, hers)}, Want: []providers.Report{replied}},
		{Name: "nothing yet", Sends: []providers.Delivery{send("a/b")}, Pages: []providertest.Answer{page(before, ours)}},
		{Name: "failed", Sends: []providers.Delivery{send("a/b")}, Pages: []providertest.Answer{page(failed)}, Want: []providers.Report{{Failed: at, Reason: "no such number"}}},
		{Name: "not there", Sends: []providers.Delivery{send("a"), send("b")}, Pages: []providertest.Answer{{Status: 404}, page(ours, hers)}, Want: []providers.Report{second},
			Outcome: providers.Outcome{Note: "not there"}},
	}
	switch fault {
	case "no first call":
		s.Watches = s.Watches[1:]
	case "two of one name":
		s.Watches[1].Name = "replied"
	}
	return s
}

// TestWatches runs the suite's calls of Watch on a provider that passes them.
func TestWatches(t *testing.T) {
	providertest.RunWatches(t, watcherSubject(os.Getenv(watcherVariable)))
}

// TestWatcher runs the suite on it.
func TestWatcher(t *testing.T) {
	fault := os.Getenv(watcherVariable)
	s := watcherSubject(fault)
	if fault == "calls of nobody" {
		s.Type = toyType("")
	}
	if fault == "another place" {
		s.Golden[0].Place = "17"
	}
	providertest.Run(t, s)
}

// The suite must fail for each fault, in the check that is there for it.
func TestSuiteFindsFaultsOfWatches(t *testing.T) {
	if os.Getenv(watcherVariable) != "" {
		t.Skip("this is the child")
	}
	for fault, check := range map[string]string{
		"asks without a turn":             "Watches/watches",
		"asks with the other token":       "Watches/watches",
		"takes what came before":          "Watches/watches",
		"reports twice":                   "Watches/watches",
		"reports nothing":                 "Watches/watches",
		"numbers wrongly":                 "Watches/watches",
		"another object":                  "Watches/watches",
		"ends where one is not there":     "Watches/watches",
		"keeps quiet of what is lost":     "Watches/watches",
		"two of one name":                 "Watches/watches",
		"no first call":                   "Watches/watches",
		"tells more than it says":         "Watches/watch tells",
		"says more than it tells":         "Watches/watch tells",
		"asks though the turn failed":     "Watches/watch turns",
		"forgets the class":               "Watches/watch answers",
		"names no token":                  "Watches/watch answers",
		"reports though it failed":        "Watches/watch answers",
		"asks by a client of its own":     "Watches/watch answers",
		"takes garbage for an empty page": "Watches/watch garbage",
		"asks without its token":          "Watches/watch secrets",
		"tells a secret":                  "Watches/watch secrets",
		"tells what nobody cleaned":       "Watches/watch secrets",
		"calls of nobody":                 "Watcher/watched",
		"says nothing":                    "Watcher/watched",
		"no test":                         "Watcher/watched",
		"says what is no fact":            "Watcher/facts",
		"another place":                   "Watcher/render",
		"":                                "", // the child itself works
	} {
		t.Run(cmp.Or(fault, "none"), func(t *testing.T) {
			t.Parallel()
			test, one, _ := strings.Cut(strings.ReplaceAll(cmp.Or(check, "Watches/watches"), " ", "_"), "/")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.timeout=60s", "-rapid.nofailfile", "-test.run=^Test"+test+"$/^example$/^"+one+"$")
			child.Env = append(os.Environ(), watcherVariable+"="+fault)
			if fault == "no test" {
				child.Dir = t.TempDir() // where nobody has written one
			}
			out, err := child.CombinedOutput()
			failed := strings.Contains(string(out), "--- FAIL: Test"+test+"/example/"+one)
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) || strings.Contains(string(out), "panic:") {
				t.Fatalf("%v\n%s", err, out)
			}
			if failed != (check != "") || failed == (err == nil) {
				t.Errorf("%s: failed is %v\n%.3000s", one, failed, out)
			}
		})
	}
}
