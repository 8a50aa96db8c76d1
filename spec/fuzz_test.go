package spec

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Whatever the bytes of a campaign file are, loading it ends without a panic, and what loads can be evaluated.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(campaign))
	f.Add([]byte(rich))
	f.Add([]byte(overTime))
	f.Add([]byte(strings.ReplaceAll(rich, "people.csv", "people.jsonl")))
	paths, err := filepath.Glob("testdata/bad/*.hcl")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	dir := write(f, "-- hello.txt --\nHello\n-- people.jsonl --\n")
	s := contact("first_name", "Ada", "tariff", "gold", "heyx_id", "h1", "age", "12", "phone", "+1", "plan", "gold", "id", "c1")
	f.Fuzz(func(t *testing.T, text []byte) {
		c, diags := loadFiles(dir, []sourceFile{{"campaign.hcl", text}}, testInputs())
		printed(c, diags)
		for _, d := range diags {
			if d.Summary == "" || d.Detail == "" || d.Expression != nil || d.EvalContext != nil {
				t.Errorf("a poor diagnostic: %#v", d)
			}
		}
		if diags.HasErrors() {
			return
		}
		for _, s := range c.Sequences {
			for _, m := range s.Messages {
				checkPaths(t, m.Content)
			}
		}
		scope := c.NewScope()
		for _, facts := range []cty.Value{cty.UnknownVal(MessageFacts), told(yes).GetAttr("offer"), told(silent).GetAttr("offer")} {
			scope.Set(s)
			scope.SetMessages(everyMessage(c, facts))
			for _, e := range expressions(c) {
				if _, diags := e.Value(scope); diags.HasErrors() && diags[0].Subject == nil {
					t.Errorf("no range: %v", diags)
				}
			}
		}
		checkTime(t, c)
	})
}

// checkPaths checks that whatever is nested stands in blocks that exist, and that these are counted from 0.
func checkPaths(t *testing.T, c Content) {
	in := func(path string) {
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			if _, ok := c.Blocks[path[:i]]; !ok {
				t.Errorf("%s stands in no block", path)
			}
		}
	}
	for path, x := range c.Fields {
		in(path)
		if x == nil {
			t.Errorf("%s has no expression", path)
		}
	}
	for path := range c.Blocks {
		in(path)
		i := strings.LastIndexByte(path, '[')
		n, err := strconv.Atoi(strings.TrimSuffix(path[i+1:], "]"))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := c.Blocks[fmt.Sprintf("%s[%d]", path[:i], n-1)]; !ok && n > 0 {
			t.Errorf("%s comes first", path)
		}
	}
}

// everyMessage says the same of all messages of a campaign.
func everyMessage(c *Campaign, facts cty.Value) cty.Value {
	all := map[string]cty.Value{}
	for _, s := range c.Sequences {
		for _, m := range s.Messages {
			all[m.Name] = facts
		}
	}
	return cty.ObjectVal(all)
}

// checkTime checks what a good campaign promises of times, policies and moves.
func checkTime(t *testing.T, c *Campaign) {
	for _, s := range c.Sequences {
		if w := s.Window; w != nil && (w.Zone == nil || w.Never()) {
			t.Errorf("the window of %s is %+v", s.Name, w)
		}
		if s.Window == nil && (s.Start != nil && s.Start.Local() || s.Until != nil && s.Until.Local()) {
			t.Errorf("%s has a wall clock without a zone", s.Name)
		}
		for i, m := range s.Messages {
			if m.After < 0 || m.After > 0 && i == 0 || (m.When == nil) != (m.WhenSource == "") {
				t.Errorf("%s.%s: after %s, when %q", s.Name, m.Name, m.After, m.WhenSource)
			}
			for _, e := range append(slices.Collect(maps.Values(m.Content.Fields)), slices.Collect(maps.Values(m.Options))...) {
				for _, f := range e.Facts() {
					if !slices.ContainsFunc(s.Messages[:i], func(o *Message) bool { return o.Name == f.Message }) {
						t.Errorf("%s.%s names %s, which does not come before it", s.Name, m.Name, f.Message)
					}
				}
			}
		}
	}
	for _, p := range c.Policies {
		if p.MaxSends < 0 && p.MaxPerContact == nil && p.MaxFailureRate < 0 && p.Canary == nil || p.MaxFailureRate > 1 {
			t.Errorf("policy %+v", p)
		}
	}
	for i, m := range c.Moves {
		for _, o := range c.Moves[i+1:] {
			if o.To == m.From || o.From == m.From || o.To == m.To {
				t.Errorf("%v comes before %v", m, o)
			}
		}
	}
}

// expressions lists every expression of a good campaign.
func expressions(c *Campaign) []*Expr {
	var out []*Expr
	add := func(e *Expr) {
		if e != nil {
			out = append(out, e)
		}
	}
	for _, s := range c.Sources {
		add(s.Where)
	}
	for _, a := range c.Audiences {
		add(a.Where)
		add(a.UniqueBy)
	}
	for _, v := range c.Conversations {
		for _, e := range v.Address {
			add(e)
		}
	}
	for _, s := range c.Sequences {
		add(s.Where)
		if s.Window != nil {
			add(s.Window.Zone)
		}
		for _, m := range s.Messages {
			add(m.When)
			for _, e := range m.Content.Fields {
				add(e)
			}
			for _, e := range m.Options {
				add(e)
			}
		}
	}
	return out
}

// Whatever text stands where an expression may stand, and whoever the person is, evaluating it ends without a panic.
func FuzzEval(f *testing.F) {
	for _, e := range []string{
		`"Hi ${contact.first_name}"`, `contact.a + 1`, `[for k, v in contact : "${k}=${v}"]`, `try(contact.a.b, contact[0])`,
		`format("%s %d", contact.a, contact.n)`, `{ (contact.a) = contact }`, `contact.*.x`, `1 / contact.n`, `-contact.n % 0`,
		`jsondecode(contact.a)`, `regexall(contact.a, contact.first_name)`, `templatefile(contact.a, contact)`, `contact.n ? 1 : "x"`,
		`coalesce(contact.gone, contact.a)`, `messages.offer.reply == contact.a && messages.offer.sent`, `jsonencode(messages.offer)`,
		`"${messages.offer.reply}${messages.offer.status}"`, `messages.offer.replied ? [messages.offer.reply] : []`, `messages[contact.a]`, `formatdate(contact.a, contact.a)`, `substr(contact.a, contact.n, -5)`, "<<-EOT\n  ${contact.a}\n  EOT\n",
	} {
		for _, a := range []string{"", "x", "1e600000000", "[[{", "%!d(string)"} {
			f.Add(e, a)
		}
	}
	dir := write(f, "-- x --\n${a}${contact}")
	lib := newLibrary(dir)
	f.Fuzz(func(t *testing.T, text, a string) {
		if guardExpression([]byte(text), "e").HasErrors() {
			return
		}
		e, diags := parseExpression([]byte(text), "e")
		if diags.HasErrors() {
			return
		}
		p := newPeople()
		p.open = true
		p.standing = &standing{sequence: "s", messages: []string{"offer", "own", "next"}, at: 1}
		x, diags := (&checker{library: lib}).expr(e, place{what: "a test", people: p, want: cty.DynamicPseudoType, null: true})
		if diags.HasErrors() {
			return
		}
		c := &Campaign{base: &hcl.EvalContext{Functions: lib.all, Variables: map[string]cty.Value{"path": pathObject()}}}
		s := c.NewScope()
		s.Set(cty.ObjectVal(map[string]cty.Value{
			"key": cty.StringVal("k"), "first_name": cty.StringVal("Ada"), "a": cty.StringVal(a), "n": cty.Zero, "gone": cty.NullVal(cty.String),
		}))
		s.SetMessages(told(nothing))
		if v, diags := x.Value(s); !diags.HasErrors() && (huge(v) || len(x.Facts()) == 0 && !v.IsWhollyKnown()) {
			t.Errorf("%s gives %#v though no fact is known", text, v)
		}
		s.SetMessages(told(known{"replied": cty.True, "reply": cty.StringVal(a), "sent": cty.True, "sent_at": cty.NullVal(cty.String),
			"status": cty.StringVal("sent"), "delivered": cty.False, "read": cty.False}))
		if v, diags := x.Value(s); !diags.HasErrors() && (huge(v) || !v.IsWhollyKnown()) {
			t.Errorf("%s gives %#v", text, v)
		}
	})
}
