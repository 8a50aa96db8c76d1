package providertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"herald/providers"
)

// render checks the documented requests.
func (s Subject) render(t *testing.T) {
	for _, g := range s.Golden {
		t.Run(g.Name, func(t *testing.T) {
			p := s.opened(t, s.account("", g.Settings))
			r, problems := p.Render(g.Message)
			if providers.Failed(problems) || (len(problems) > 0) != g.Warns {
				t.Fatalf("problems: %+v", problems)
			}
			if r.Method != "POST" || r.Path != g.Path {
				t.Errorf("%s %s, want POST %s", r.Method, r.Path, g.Path)
			}
			if r.Place != g.Place {
				t.Errorf("place %q, want %q", r.Place, g.Place)
			}
			var want bytes.Buffer
			if err := json.Compact(&want, []byte(g.Body)); err != nil {
				t.Fatal(err)
			}
			if string(r.Body) != want.String() {
				t.Errorf("body\n%s\nwant\n%s", r.Body, want.String())
			}
			s.worded(t, g.Message, problems)
		})
	}
}

func empty(r providers.Request) bool { return r.Method == "" && r.Path == "" && r.Body == nil }

// pure checks that a message alone makes the request: not time, chance, order, other messages or secrets.
func (s Subject) pure(t *testing.T) {
	for _, g := range s.Golden {
		with := s.opened(t, s.account("", g.Settings))
		bare := s.account("", g.Settings)
		for _, setting := range s.Type.Facts.Settings {
			if setting.Secret {
				delete(bare.Settings, setting.Name)
			}
		}
		without := s.opened(t, bare)
		elsewhere := s.opened(t, s.account("https://example.com/x", g.Settings))

		want, _ := with.Render(g.Message)
		body := string(want.Body)
		before := fmt.Sprintf("%#v", g.Message)
		var all sync.WaitGroup
		for _, p := range []providers.Provider{with, with, without, without, elsewhere} {
			all.Go(func() {
				for range 20 {
					if got, _ := p.Render(g.Message); !reflect.DeepEqual(got, want) {
						t.Errorf("%s: rendered again it is %s %s", g.Name, got.Path, got.Body)
						return
					}
				}
			})
		}
		all.Wait()
		if fmt.Sprintf("%#v", g.Message) != before {
			t.Errorf("%s: Render changed the message", g.Name)
		}
		// A caller may reuse everything that it handed in.
		m := g.Message
		m.Address, m.Options, m.Content = maps.Clone(m.Address), maps.Clone(m.Options), copied(m.Content)
		kept, _ := with.Render(m)
		clear(m.Address)
		clear(m.Options)
		wipe(m.Content)
		if string(kept.Body) != body {
			t.Errorf("%s: the request holds on to the message", g.Name)
		}
		for _, setting := range s.Type.Facts.Settings {
			if setting.Secret && strings.Contains(want.Path+body, secret(setting.Name)) {
				t.Errorf("%s: the rendered request holds %s", g.Name, setting.Name)
			}
		}
	}
}

// wrong checks what must not be rendered, or only with a warning.
func (s Subject) wrong(t *testing.T) {
	p := s.opened(t, s.account(""))
	for _, tt := range s.Wrong {
		t.Run(tt.Name, func(t *testing.T) {
			if err := placed(s.Type.Facts, tt.Message, providers.Problem{Part: tt.Part, Field: tt.Field, Index: tt.Index}); err != nil {
				t.Errorf("the case asks for a problem at no place of its message: %v", err)
			}
			r, problems := p.Render(tt.Message)
			if failed := providers.Failed(problems); failed == tt.Warning || empty(r) == tt.Warning {
				t.Errorf("request %+v with problems %+v", r, problems)
			}
			i := slices.IndexFunc(problems, func(p providers.Problem) bool {
				return p.Part == tt.Part && p.Field == tt.Field && p.Index == tt.Index && p.Warning == tt.Warning && strings.Contains(p.Detail, tt.Says)
			})
			if i < 0 {
				t.Errorf("none of these is the one: %+v", problems)
			}
			s.worded(t, tt.Message, problems)
		})
	}
	// Whatever is missing, it is said and not stumbled over.
	for _, kind := range providers.Kinds() {
		m := providers.Message{Content: providers.Content{Kind: kind}}
		r, problems := p.Render(m)
		if !providers.Failed(problems) || !empty(r) {
			t.Errorf("an empty %s gives %+v with problems %+v", kind, r, problems)
		}
		s.worded(t, m, problems)
	}
}

// worded checks that problems can be printed, help, and point into the message.
func (s Subject) worded(t *testing.T, m providers.Message, problems []providers.Problem) {
	t.Helper()
	for _, p := range problems {
		if p.Summary == "" || p.Detail == "" || strings.ContainsFunc(p.Summary+p.Detail, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("not fit to print: %+v", p)
		}
		if err := placed(s.Type.Facts, m, p); err != nil {
			t.Errorf("it points at no place of the message, %v: %+v", err, p)
		}
	}
}
