package providertest

import (
	"cmp"
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

// LookUp is one look-up: what is in doubt, what the vendor answers, and what must come of it. The first of a subject is
// one that finds the message on the first page; the suite varies it.
type LookUp struct {
	Name     string
	Settings providers.Values  // more than Subject.Settings
	Message  providers.Message // what the attempt said; that of the first Golden where it has no kind
	Doubt    providers.Doubt   // its Request is rendered from Message
	Path     string            // of each request, after base_url and without its query
	Pages    []Answer          // to one request each; status 200 unless they say otherwise
	Proof    string            // a text on the pages without which nothing may be found
	Want     providers.Verdict // Reason is a part of the reason; Class is Accepted where it is 0 and there are Pages
}

// RunLookUps checks how a provider type finds out what became of an attempt, each part as a test under the type's name.
// It is for a test TestLookUps beside the one that calls Run, since a vendor's pages fill a file of their own.
func RunLookUps(t *testing.T, s Subject) { s.quietly(t, s.lookUpChecks()) }

// quietly runs checks as tests under the type's name. After each of them nothing may have been written anywhere.
func (s Subject) quietly(t *testing.T, checks []check) {
	all := func(t *testing.T) {
		heard := listen(t)
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) {
				defer func() { // also after a Fatal
					if text := heard(t); text != "" {
						t.Errorf("a provider tells its caller and nobody else, and this was written to a log or a standard stream:\n%.500q", text)
					}
				}()
				c.run(t)
			})
		}
	}
	// A test of several types has names them already.
	if strings.HasSuffix(t.Name(), "/"+s.Type.Facts.Type) {
		all(t)
		return
	}
	t.Run(s.Type.Facts.Type, all)
}

func (s Subject) lookUpChecks() []check {
	return []check{
		{"look-ups", s.lookUpCases},
		{"look-up turns", s.lookUpTurns},
		{"look-up answers", s.lookUpAnswers},
		{"look-up garbage", s.lookUpGarbage},
		{"look-up any page", s.lookUpAnyPage},
		{"look-up transport", s.lookUpTransport},
		{"look-up interrupts", s.lookUpInterrupts},
		{"look-up secrets", s.lookUpSecrets},
		{"look-up concurrent", s.lookUpConcurrent},
	}
}

// finds checks that a type which looks up what is in doubt is tried on it.
func (s Subject) finds(t *testing.T) {
	_, ok := s.opened(t, s.account("")).(providers.Finder)
	switch missing := tested("TestLookUps"); {
	case !ok && len(s.LookUps) > 0:
		t.Error("the subject has LookUps, and the provider has no LookUp")
	case !ok:
		t.Skip("no LookUp: this vendor cannot be asked what became of an attempt")
	case missing != "":
		t.Errorf("the provider has a LookUp, and no test of this folder hands LookUps to RunLookUps: %s", missing)
	}
}

// finder opens the account of a look-up at a base address, and renders what is in doubt.
func (s Subject) finder(t *testing.T, l LookUp, base string, more ...func(*providers.Account)) (providers.Finder, providers.Doubt) {
	t.Helper()
	a := s.account(base, l.Settings)
	for _, change := range more {
		change(&a)
	}
	p := s.opened(t, a)
	f, ok := p.(providers.Finder)
	if !ok || len(s.LookUps) == 0 || s.LookUps[0].Want.Finding != providers.Found || len(s.LookUps[0].Pages) != 1 || s.LookUps[0].Proof == "" {
		t.Fatal("a type with LookUp needs LookUps, of which the first finds the message on one page, and has a Proof")
	}
	if l.Message.Content.Kind == "" {
		l.Message = s.Golden[0].Message
	}
	r, problems := p.Render(l.Message)
	if providers.Failed(problems) {
		t.Fatalf("what is in doubt does not render: %+v", problems)
	}
	d := l.Doubt
	d.Request = r
	return f, d
}

// turns is the limit of an account. It counts, and fails from a turn on.
type turns struct {
	taken atomic.Int32
	fails int32 // 0 for never
}

var errTurn = fmt.Errorf("no more turns")

func (t *turns) take(context.Context) error {
	if n := t.taken.Add(1); t.fails > 0 && n >= t.fails {
		return errTurn
	}
	return nil
}

// telling starts a vendor that gives one answer after the other, each to a request that has had its turn.
func telling(t *testing.T, limit *turns, answers []Answer) *server {
	t.Helper()
	var n atomic.Int32
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		i := int(n.Add(1))
		if taken := int(limit.taken.Load()); taken != i {
			t.Errorf("request %d came after %d turns", i, taken)
		}
		if i > len(answers) {
			t.Errorf("request %d, and there are %d pages: %s", i, len(answers), r.RequestURI)
			answer(w, http.StatusGone, nil, "")
			return
		}
		a := answers[i-1]
		answer(w, cmp.Or(a.Status, http.StatusOK), a.Header, a.Body)
	})
}

// soundVerdict checks what holds of every verdict.
func soundVerdict(t failer, v providers.Verdict) {
	t.Helper()
	switch {
	case v.Finding < providers.Undecided || v.Finding > providers.Absent || v.Class < 0 || v.Class > providers.Unknown:
		t.Errorf("no finding or class: %+v", v)
	case v.Finding == providers.Undecided && v.Reason == "":
		t.Errorf("undecided without a reason: %+v", v)
	case v.Finding != providers.Undecided && (v.Class != providers.Accepted || v.Reason != ""):
		t.Errorf("a finding of an answer that was not understood, or with doubts: %+v", v)
	case v.Finding != providers.Found && (v.ID != "" || v.Status != "" || !v.At.IsZero()):
		t.Errorf("a message that was not found: %+v", v)
	case v.After < 0 || v.After > 24*time.Hour || v.After != 0 && v.Class != providers.Throttled:
		t.Errorf("waits %v: %+v", v.After, v)
	}
	for _, text := range []string{v.Reason, v.ID, v.Status} {
		if strings.ContainsAny(text, "\r\n") || utf8.RuneCountInString(text) > 300 || !utf8.ValidString(text) {
			t.Errorf("no bounded line: %q", text)
		}
	}
}
