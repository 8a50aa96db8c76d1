package providertest

import (
	"maps"
	"testing"
	"time"

	"herald/providers"
)

// Subject is one provider type, with what its vendor documents.
type Subject struct {
	Type     providers.Type
	Settings providers.Values // what an account needs beside secrets and base_url
	Golden   []Golden         // at least one for each kind of content that the type carries; the first is used for sends
	Wrong    []Wrong
	Answers  []Answer // beyond those in Facts.Answers, which are checked as well
	// Wrap makes the body of an answer that says a text, as the vendor would.
	Wrap func(status int, text string) string
	// Unmark takes the attempt's key out of a body, and gives the body without it. Nil where the vendor has no place
	// for a key: then what leaves must be what was rendered.
	Unmark func(body []byte) (rest []byte, key string)
	// Wait bounds how long the type waits after a 429 that does not say how long. Zero: it leaves that to the caller.
	Wait time.Duration
}

// Golden is a message and the request that it must become.
type Golden struct {
	Name     string
	Settings providers.Values // more than Subject.Settings
	Message  providers.Message
	Path     string
	Body     string // JSON; spaces between its parts do not count
	Warns    bool   // the request comes with a warning
}

// Wrong is a message that must not be rendered, or only with a warning.
type Wrong struct {
	Name    string
	Message providers.Message
	Part    providers.Part
	Field   string
	Index   int    // -1 for the whole field
	Says    string // part of the Detail
	Warning bool
}

// Answer is what the vendor may answer, and what it must be taken for. Fields of Want that are zero are not compared;
// Want.Reason is a part of the reason.
type Answer struct {
	Name   string
	Status int
	Header map[string]string
	Body   string
	Want   providers.Outcome
}

// Run checks a provider type.
func Run(t *testing.T, s Subject) {
	if len(s.Golden) == 0 || s.Wrap == nil {
		t.Fatal("the subject needs Golden and Wrap")
	}
	t.Run("facts", s.facts)
	t.Run("open", s.open)
	t.Run("render", s.render)
	t.Run("pure", s.pure)
	t.Run("wrong", s.wrong)
	t.Run("request", s.request)
	t.Run("concurrent", s.concurrent)
	t.Run("answers", s.answers)
	t.Run("retry after", s.retryAfter)
	t.Run("any answer", s.anyAnswer)
	t.Run("success bodies", s.successBodies)
	t.Run("redirects", s.redirects)
	t.Run("broken answers", s.brokenAnswers)
	t.Run("endless answer", s.endlessAnswer)
	t.Run("broken connections", s.brokenConnections)
	t.Run("no connection", s.noConnection)
	t.Run("interrupts", s.interrupts)
	t.Run("timeout", s.timeout)
	t.Run("missing secrets", s.missingSecrets)
	t.Run("secrets stay in", s.secretsStayIn)
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
