package providertest

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"herald/providers"
)

// check is one part of the suite.
type check struct {
	name string
	run  func(*testing.T)
}

// checks lists the suite. A Statement may name any of them.
func (s Subject) checks() []check {
	return []check{
		{"facts", s.facts},
		{"open", s.open},
		{"kinds", s.kinds},
		{"shapes", s.shapes},
		{"render", s.render},
		{"pure", s.pure},
		{"wrong", s.wrong},
		{"request", s.request},
		{"concurrent", s.concurrent},
		{"answers", s.answers},
		{"retry after", s.retryAfter},
		{"any answer", s.anyAnswer},
		{"success bodies", s.successBodies},
		{"redirects", s.redirects},
		{"broken answers", s.brokenAnswers},
		{"endless answer", s.endlessAnswer},
		{"broken connections", s.brokenConnections},
		{"no connection", s.noConnection},
		{"interrupts", s.interrupts},
		{"timeout", s.timeout},
		{"missing secrets", s.missingSecrets},
		{"secrets stay in", s.secretsStayIn},
		{"lists", s.lists},
		{"list answers", s.listAnswers},
		{"list garbage", s.listGarbage},
		{"any page", s.anyPage},
		{"list transport", s.listTransport},
		{"list secrets", s.listSecrets},
		{"list concurrent", s.listConcurrent},
		{"finds", s.finds},
		{"opens", s.opens},
		{"watched", s.watched},
		{"faults", s.faults},
		{"statements", s.statements},
		{"originals", s.originals},
	}
}

// Run checks a provider type, each part as a test under the type's name. It watches what the process writes to log,
// slog, standard output and standard error, so nothing else may run beside it.
func Run(t *testing.T, s Subject) {
	if len(s.Golden) == 0 || s.Wrap == nil {
		t.Fatal("the subject needs Golden and Wrap")
	}
	s.quietly(t, s.checks())
}

// secret is what a secret setting holds in the suite: with characters that everything escapes in its own way.
func secret(name string) string { return `pa+ss/"` + name + `" <&%20> ü\` }

// account makes an account at a base address. Settings beside Subject.Settings may be given.
func (s Subject) account(base string, more ...providers.Values) providers.Account {
	a := providers.Account{Type: s.Type.Facts.Type, Settings: providers.Values{"base_url": base}, Timeout: 20 * time.Second, Concurrency: 4}
	for _, setting := range s.Type.Facts.Settings {
		if setting.Secret {
			a.Settings[setting.Name] = secret(setting.Name)
		}
	}
	for _, values := range append([]providers.Values{s.Settings}, more...) {
		maps.Copy(a.Settings, values)
	}
	return a
}

// opened opens an account and closes it at the end of the test.
func (s Subject) opened(t *testing.T, a providers.Account) providers.Provider {
	t.Helper()
	p, err := s.Type.Open(a)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(p.Close)
	return p
}

// first is the request that sends are tried with.
func (s Subject) first(t *testing.T, p providers.Provider) providers.Request {
	t.Helper()
	r, problems := p.Render(s.Golden[0].Message)
	if providers.Failed(problems) {
		t.Fatalf("%s does not render: %+v", s.Golden[0].Name, problems)
	}
	return r
}

// send makes one attempt against a base address.
func (s Subject) send(t *testing.T, base string) providers.Outcome {
	t.Helper()
	p := s.opened(t, s.account(base))
	return p.Send(t.Context(), s.first(t, p), providers.NewKey())
}

// documented gives the first answer in Facts of a class.
func (s Subject) documented(class providers.Class) (providers.Answer, bool) {
	for _, a := range s.Type.Facts.Answers {
		if a.Class == class {
			return a, true
		}
	}
	return providers.Answer{}, false
}

// body is what a documented answer carries.
func (s Subject) body(a providers.Answer) string {
	switch {
	case a.Body == "":
		return s.Wrap(a.Status, "A text that no page lists.")
	case a.Body[0] == '{':
		return a.Body
	}
	return s.Wrap(a.Status, a.Body)
}

// documentedName is what the check of a documented answer is called.
func documentedName(a providers.Answer) string {
	return strings.TrimSpace(fmt.Sprintf("documented %d %.80s", a.Status, a.Body))
}
