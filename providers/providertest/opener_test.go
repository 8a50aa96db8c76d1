package providertest_test

import (
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

// host is a toy that opens a room for each person, or has one fault in that.
type host struct {
	*toy
	fault     string
	tokenless bool
}

func hostType(fault string) providers.Type {
	plain := toyType("")
	return providers.Type{Facts: plain.Facts, Open: func(a providers.Account) (providers.Provider, error) {
		p, err := plain.Open(a)
		if err != nil {
			return nil, err
		}
		return &host{toy: p.(*toy), fault: fault, tokenless: a.Settings.String("token") == ""}, nil
	}}
}

func (h *host) Render(m providers.Message) (providers.Request, []providers.Problem) {
	r, problems := h.toy.Render(m)
	if to := m.Address.String("to"); to != "" && !providers.Failed(problems) {
		body, _ := json.Marshal(map[string]string{"for": to})
		r.Path, r.Opening = "/v1/rooms/"+providers.PlaceMark, &providers.Opening{Name: to, Body: body}
	}
	return r, problems
}

type room struct{ ID, Key string }

// Open lists the rooms of the person, and makes one where none has the key.
func (h *host) Open(ctx context.Context, o providers.OpenAttempt, turn func(context.Context) error) (opened providers.Opened) {
	var who struct{ For string }
	if json.Unmarshal(o.Body, &who) != nil || who.For == "" && h.fault != "opens for nobody" {
		return providers.Opened{Outcome: providers.Outcome{Class: providers.Refused, Reason: "for whom?"}}
	}
	if h.tokenless {
		return providers.Opened{Outcome: h.sender.Read(ctx, providers.Request{Path: "/"}, nil)} // makes no request
	}
	ask := func(method string, body []byte, read func([]byte) bool) providers.Outcome {
		if h.fault != "asks without a turn" || method == http.MethodGet {
			if err := turn(ctx); err != nil && h.fault != "asks though the turn failed" {
				class := providers.NotSent
				if h.fault == "a turn that failed is unknown" {
					class = providers.Unknown
				}
				return providers.Outcome{Class: class, Reason: err.Error()}
			}
		}
		r := providers.Request{Method: method, Path: "/v1/people/" + wire.Segment(who.For) + "/rooms", Body: body}
		classify := func(a wire.Answer) providers.Outcome {
			switch good := read(a.Body); {
			case a.Success() && good, h.fault == "believes what was cut" && a.Status == 200 && good, h.fault == "believes a 500" && a.Status == 500 && method == http.MethodPost:
				return a.Outcome(providers.Accepted, "")
			case a.Status == 200:
				return a.Outcome(providers.Unknown, "no rooms")
			}
			return a.ByStatus("")
		}
		out := h.sender.Read(ctx, r, classify)
		switch {
		case h.fault == "asks again" && out.Class == providers.Unknown:
			out = h.sender.Read(ctx, r, classify)
		case h.fault == "tells a secret" && out.Class != providers.Accepted:
			out.Reason += h.base + h.sent()
		case h.fault == "forgets why" && out.Class != providers.Accepted:
			out.Reason = ""
		}
		return out
	}
	var rooms []room
	out := ask(http.MethodGet, nil, func(body []byte) bool {
		return json.Unmarshal(body, &rooms) == nil && rooms != nil && !strings.Contains(string(body), "null")
	})
	if out.Class != providers.Accepted && h.fault != "goes on after garbage" {
		return providers.Opened{Outcome: out}
	}
	for _, one := range rooms {
		if one.Key == o.Key.String() && h.fault != "opens a second one" {
			return providers.Opened{Outcome: out, Place: one.ID}
		}
	}
	if !o.Settled && h.fault != "does not wait" {
		return providers.Opened{Outcome: providers.Outcome{Class: providers.Unknown, Reason: "too early"}}
	}
	body, _ := json.Marshal(map[string]string{"key": o.Key.String()})
	var made room
	opened.Outcome = ask(http.MethodPost, body, func(body []byte) bool {
		return json.Unmarshal(body, &made) == nil && made.ID != "" && (strings.Trim(made.ID, "0123456789") == "" || h.fault == "any place")
	})
	if opened.Class == providers.Accepted && h.fault != "no place" {
		opened.Place = made.ID
	}
	if h.fault == "a place of what is unknown" && opened.Class == providers.Unknown {
		opened.Place = "7"
	}
	return opened
}

// sent is the token for sending, which no outcome may have.
func (h *host) sent() string { return h.token }

func hostSubject(fault string) providertest.Subject {
	s := toySubject("")
	s.Type = hostType(fault)
	key := providers.Key{7}
	attempt := providers.OpenAttempt{Key: key, Begun: time.Now(), Settled: true}
	list := func(body string) providertest.Step {
		return providertest.Step{Method: "GET", Path: "/v1/people/17/rooms", Answer: providertest.Answer{Body: body}}
	}
	mine := `{"id":"5","key":"` + key.String() + `"}`
	at := providers.Opened{Outcome: providers.Outcome{Class: providers.Accepted}, Place: "5"}
	s.Openings = []providertest.Opening{
		{Name: "new", Steps: []providertest.Step{list("[]"), {Method: "POST", Path: "/v1/people/17/rooms", Body: `{"key":"` + key.String() + `"}`, Makes: true, Answer: providertest.Answer{Body: mine}}}, Want: at},
		{Name: "there", Steps: []providertest.Step{list("[" + mine + "]")}, Want: at},
	}
	for i := range s.Openings {
		s.Openings[i].Attempt, s.Openings[i].Message = attempt, s.Golden[0].Message
	}
	switch fault {
	case "no case that finds it":
		s.Openings = s.Openings[:1]
	case "no case that makes it":
		s.Openings = s.Openings[1:]
	}
	return s
}

// TestHost runs the checks on a provider that passes them.
func TestHost(t *testing.T) {
	providertest.RunOpenings(t, hostSubject(os.Getenv(faultVariable)))
}

// The checks must fail for each fault, in the check that is there for it.
func TestOpeningChecksFindFaults(t *testing.T) {
	if os.Getenv(faultVariable) != "" {
		t.Skip("this is the child")
	}
	for fault, check := range map[string]string{
		"no case that finds it":         "openings",
		"no case that makes it":         "openings",
		"opens a second one":            "openings",
		"no place":                      "openings",
		"does not wait":                 "opening unsettled",
		"asks without a turn":           "opening turns",
		"asks though the turn failed":   "opening turns",
		"a turn that failed is unknown": "opening turns",
		"opens for nobody":              "opening turns",
		"believes a 500":                "opening answers",
		"forgets why":                   "opening answers",
		"goes on after garbage":         "opening garbage",
		"any place":                     "opening any answer",
		"believes what was cut":         "opening transport",
		"asks again":                    "opening transport",
		"a place of what is unknown":    "opening interrupts",
		"tells a secret":                "opening secrets",
	} {
		t.Run(fault, func(t *testing.T) {
			one := strings.ReplaceAll(check, " ", "_")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.timeout=60s", "-rapid.nofailfile", "-test.run=^TestHost$/^example$/^"+one+"$")
			child.Env = append(os.Environ(), faultVariable+"="+fault)
			out, err := child.CombinedOutput()
			failed := strings.Contains(string(out), "--- FAIL: TestHost/example/"+one)
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !failed || strings.Contains(string(out), "panic:") {
				t.Errorf("%s: failed is %v, %v\n%.3000s", one, failed, err, out)
			}
		})
	}
}
