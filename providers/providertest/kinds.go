package providertest

import (
	"reflect"
	"slices"
	"testing"

	"herald/providers"
)

// kinds checks that each kind of content is either carried or refused in the words that all providers share. Its tests
// are the table of providers and kinds: go test -v -run 'Conformance/.*/kinds' ./providers/...
func (s Subject) kinds(t *testing.T) {
	for _, kind := range providers.Kinds() {
		verb, run := "refuses", s.refuses
		if s.Type.Facts.Can(kind) {
			verb, run = "carries", s.carries
		}
		t.Run(string(kind), func(t *testing.T) { t.Run(verb, func(t *testing.T) { run(t, kind) }) })
	}
	for _, kind := range []providers.Kind{"", "song", "text "} {
		s.refuses(t, kind)
	}
}

// carries checks that a golden request shows the kind, and that its plainest content is rendered; or refused for what
// this vendor asks for beyond it, and not as a kind.
func (s Subject) carries(t *testing.T, kind providers.Kind) {
	i := slices.IndexFunc(s.Golden, func(g Golden) bool { return g.Message.Content.Kind == kind })
	if i < 0 {
		t.Fatalf("Facts say that %s is carried, and no Golden shows the request that it becomes", kind)
	}
	g := s.Golden[i]
	shown := s.opened(t, s.account("", g.Settings))
	if r, problems := shown.Render(g.Message); providers.Failed(problems) || empty(r) {
		t.Errorf("%s: %+v", g.Name, problems)
	}
	if kind == providers.KindNative {
		return // the vendor's own object, so there is no plainest one for all
	}
	m := s.about(plain(kind))
	r, problems := s.opened(t, s.account("")).Render(m)
	if providers.Failed(problems) != empty(r) {
		t.Errorf("request %+v with problems %+v", r, problems)
	}
	s.worded(t, m, problems)
	refusal := s.Type.Facts.CannotCarry(kind)
	for _, p := range problems {
		if p.Summary == refusal.Summary {
			t.Errorf("Facts say that %s is carried, and Render refuses it: %+v", kind, p)
		} else if !p.Warning {
			t.Logf("the plainest %s is not enough for this vendor: %+v", kind, p)
		}
	}
}

// refuses checks that what is not carried gives the problem of the contract and nothing else, whatever else is set.
func (s Subject) refuses(t *testing.T, kind providers.Kind) {
	t.Helper()
	c := everything()
	c.Kind = kind
	r, problems := s.opened(t, s.account("")).Render(s.about(c))
	if want := []providers.Problem{s.Type.Facts.CannotCarry(kind)}; !empty(r) || !reflect.DeepEqual(problems, want) {
		t.Errorf("%q is not among Facts.Carries, and gives\n%+v with problems %+v, want only\n%+v", kind, r, problems, want)
	}
}

// shapes checks that what is wrong for every vendor is said where the contract's own check says it.
func (s Subject) shapes(t *testing.T) {
	p := s.opened(t, s.account(""))
	for name, c := range misshapen() {
		if !s.Type.Facts.Can(c.Kind) {
			continue
		}
		wrong := c.Shape()
		if len(wrong) == 0 {
			t.Fatalf("%s is well-formed after all", name)
		}
		m := s.about(c)
		r, problems := p.Render(m)
		if !empty(r) {
			t.Errorf("%s becomes %s", name, r.Body)
		}
		for _, w := range wrong {
			if !slices.ContainsFunc(problems, func(p providers.Problem) bool {
				return p.Part == w.Part && p.Field == w.Field && p.Index == w.Index && p.Summary == w.Summary && !p.Warning
			}) {
				t.Errorf("%s: Content.Shape finds %+v, and Render only %+v", name, w, problems)
			}
		}
		s.worded(t, m, problems)
	}
}

// about is the first message with other content.
func (s Subject) about(c providers.Content) providers.Message {
	m := s.Golden[0].Message
	m.Content = c
	return m
}
