package providertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"herald/providers"
)

// Opening is one attempt to open a conversation: for whom, what is asked and answered, and what must come of it. The first
// of a subject is one that opens a conversation for somebody whom the vendor does not know; the suite varies it.
type Opening struct {
	Name     string
	Settings providers.Values      // more than Subject.Settings
	Message  providers.Message     // its Request has the Opening
	Attempt  providers.OpenAttempt // its Opening is that of Message
	Steps    []Step                // all requests, in their order
	Want     providers.Opened      // Reason is a part of the reason; Class and Place are compared
}

// Step is one request of an Opening, and its answer; status 200 unless it says otherwise.
type Step struct {
	Method, Path string // after base_url, with its query
	Body         string // JSON; "" for none
	Makes        bool   // its answer is that a conversation was made
	Answer
}

// RunOpenings checks how a provider type opens conversations, each part as a test under the type's name. It is for a test
// TestOpenings beside the one that calls Run.
func RunOpenings(t *testing.T, s Subject) { s.quietly(t, s.openingChecks()) }

func (s Subject) openingChecks() []check {
	return []check{
		{"openings", s.openingCases},
		{"opening unsettled", s.openingUnsettled},
		{"opening turns", s.openingTurns},
		{"opening answers", s.openingAnswers},
		{"opening garbage", s.openingGarbage},
		{"opening any answer", s.openingAnyAnswer},
		{"opening transport", s.openingTransport},
		{"opening interrupts", s.openingInterrupts},
		{"opening secrets", s.openingSecrets},
		{"opening concurrent", s.openingConcurrent},
	}
}

// opens checks that a type which opens conversations is tried on it.
func (s Subject) opens(t *testing.T) {
	_, ok := s.opened(t, s.account("")).(providers.Opener)
	switch missing := tested("TestOpenings"); {
	case !ok && len(s.Openings) > 0:
		t.Error("the subject has Openings, and the provider has no Open")
	case !ok:
		t.Skip("no Open: conversations of this vendor are there, or begin with their first message")
	case missing != "":
		t.Errorf("the provider has an Open, and no test of this folder hands Openings to RunOpenings: %s", missing)
	}
}

// opener opens the account of an Opening at a base address, and renders what is to be opened.
func (s Subject) opener(t *testing.T, one Opening, base string, more ...func(*providers.Account)) (providers.Opener, providers.OpenAttempt) {
	t.Helper()
	if first := s.Openings[0]; first.Want.Class != providers.Accepted || len(first.Steps) < 1 || !first.Steps[len(first.Steps)-1].Makes || !first.Attempt.Settled {
		t.Fatal("the first of the Openings makes a conversation with its last step, and is settled")
	}
	a := s.account(base, one.Settings)
	for _, change := range more {
		change(&a)
	}
	p := s.opened(t, a)
	o, ok := p.(providers.Opener)
	if !ok {
		t.Fatal("the provider has no Open")
	}
	r, problems := p.Render(one.Message)
	if providers.Failed(problems) || r.Opening == nil || !strings.Contains(r.Path, providers.PlaceMark) || r.Place != "" {
		t.Fatalf("what is to be opened does not render as that: %+v %+v", r, problems)
	}
	attempt := one.Attempt
	attempt.Opening = *r.Opening
	return o, attempt
}

// replying starts a vendor that answers step by step, each to a request that has had its turn. What comes after the last
// step is an error where it is strict.
func replying(t *testing.T, limit *turns, steps []Step, strict bool) *server {
	t.Helper()
	var n atomic.Int32
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		i := int(n.Add(1))
		if taken := int(limit.taken.Load()); taken != i {
			t.Errorf("request %d came after %d turns", i, taken)
		}
		if i > len(steps) {
			if strict {
				t.Errorf("request %d, and there are %d steps: %s %s", i, len(steps), r.Method, r.RequestURI)
			}
			answer(w, http.StatusGone, nil, "")
			return
		}
		steps[i-1].give(w)
	})
}

// give writes the answer of a step.
func (one Step) give(w http.ResponseWriter) {
	status := one.Status
	if status == 0 {
		status = http.StatusOK
	}
	answer(w, status, one.Header, one.Answer.Body)
}

// made says which step makes the conversation, -1 for none.
func (one Opening) made() int {
	for i, step := range one.Steps {
		if step.Makes {
			return i
		}
	}
	return -1
}

// try makes one attempt against a server, and checks what holds of every one.
func (s Subject) try(t *testing.T, one Opening, base string, limit *turns, change ...func(*providers.Account)) providers.Opened {
	t.Helper()
	o, attempt := s.opener(t, one, base, change...)
	got := o.Open(t.Context(), attempt, limit.take)
	soundOpened(t, got)
	return got
}

// soundOpened checks what holds of everything that was opened, or was not.
func soundOpened(t failer, o providers.Opened) {
	t.Helper()
	switch {
	case o.Class < providers.Accepted || o.Class > providers.Unknown:
		t.Errorf("no class: %+v", o)
	case (o.Class == providers.Accepted) != (o.Place != ""):
		t.Errorf("a conversation without a place, or a place of none: %+v", o)
	case o.Class != providers.Accepted && o.Reason == "":
		t.Errorf("not opened without a reason: %+v", o)
	case strings.ContainsAny(o.Place, "/?#%{} \x00\r\n"):
		t.Errorf("a place that would change the path it is put into: %+v", o)
	case o.After < 0 || o.After > 24*time.Hour || o.After != 0 && o.Class != providers.Throttled:
		t.Errorf("waits %v: %+v", o.After, o)
	}
	for _, text := range []string{o.Reason, o.ID, o.Status, o.Note, o.Place} {
		if strings.ContainsAny(text, "\r\n") || utf8.RuneCountInString(text) > 300 || !utf8.ValidString(text) {
			t.Errorf("no bounded line: %q", text)
		}
	}
}

// refuseTurn is a turn that never comes.
func refuseTurn(context.Context) error { return fmt.Errorf("no turn") }
