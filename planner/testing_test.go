package planner

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/internal/table"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// fake is a provider whose limits are easy to reach: 20 characters a reply, ten replies, texts of at most 60 bytes.
type fake struct{ facts providers.Facts }

func (f fake) Send(context.Context, providers.Request, providers.Key) providers.Outcome {
	panic("planning sends nothing")
}
func (f fake) Close() {}

func (f fake) Render(m providers.Message) (providers.Request, []providers.Problem) {
	var problems []providers.Problem
	wrong := func(p providers.Problem) { problems = append(problems, p) }
	if !f.facts.Can(m.Content.Kind) {
		wrong(f.facts.CannotCarry(m.Content.Kind))
	}
	if m.Address.String("to") == "" {
		wrong(providers.Problem{Part: providers.PartAddress, Field: "to", Index: -1, Summary: "No address", Detail: "Give to."})
	}
	if len(m.Content.Text) > 60 {
		wrong(providers.Problem{Field: "text", Index: -1, Summary: "Text too long", Detail: fmt.Sprintf("It has %d bytes.", len(m.Content.Text))})
	}
	if strings.Contains(m.Content.Text, "{{") {
		wrong(providers.Problem{Field: "text", Index: -1, Warning: true, Summary: "Liquid", Detail: "The server renders it."})
	}
	if len(m.Content.QuickReplies.Replies) > 10 {
		wrong(providers.Problem{Field: "replies", Index: 10, Summary: "Too many replies", Detail: "At most ten."})
	}
	for i, r := range m.Content.QuickReplies.Replies {
		if len(r) > 20 {
			wrong(providers.Problem{Field: "replies", Index: i, Summary: "Reply too long", Detail: providers.Quote(r) + " is too long."})
		}
	}
	if m.Options.Int("priority") > 9 {
		wrong(providers.Problem{Part: providers.PartOption, Field: "priority", Index: -1, Summary: "Priority too high", Detail: "At most 9."})
	}
	if providers.Failed(problems) {
		return providers.Request{}, problems
	}
	body, err := json.Marshal(map[string]any{"content": m.Content, "options": m.Options})
	if err != nil {
		panic(err)
	}
	return providers.Request{Method: "POST", Path: "/" + m.Address.String("to"), Body: body}, problems
}

func fakeFacts(name string) providers.Facts {
	f := providers.Facts{Type: name, Title: strings.ToUpper(name),
		Address: []providers.Attribute{{Name: "to", Type: providers.String}, {Name: "box", Type: providers.Int}},
		Options: []providers.Attribute{{Name: "priority", Type: providers.Int}, {Name: "quiet", Type: providers.Bool}},
		Carries: []providers.Carries{{Kind: providers.KindText}, {Kind: providers.KindQuickReplies}, {Kind: providers.KindNative}},
	}
	if name == "post" {
		f.Carries = append(f.Carries, providers.Carries{Kind: providers.KindAttachment})
	}
	return f
}

func fakeInputs() spec.Inputs {
	attribute := func(name string, t cty.Type) spec.Attribute {
		return spec.Attribute{Name: name, Type: t, Whole: t == cty.Number}
	}
	in := spec.Inputs{Version: "0.1.0", Env: func(string) (string, bool) { return "", false }, Header: table.Header}
	for _, name := range []string{"chat", "post"} {
		in.Schemas = append(in.Schemas, spec.Schema{Type: name, Requests: 10, Per: time.Second,
			Kinds:   []string{"text", "attachment", "quick_replies", "native"},
			Address: []spec.Attribute{attribute("to", cty.String), attribute("box", cty.Number)},
			Options: []spec.Attribute{attribute("priority", cty.Number), attribute("quiet", cty.Bool)}})
	}
	return in
}

// noon is the clock of all tests.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// campaign loads the files of a txtar archive; text without file markers is main.hcl.
func campaign(t testing.TB, archive string) *spec.Campaign {
	t.Helper()
	a := txtar.Parse([]byte(archive))
	if len(a.Files) == 0 {
		a.Files = []txtar.File{{Name: "main.hcl", Data: []byte(archive)}}
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), bytes.ReplaceAll(f.Data, []byte(`\xE9`), []byte{0xE9}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, diags := spec.Load(dir, fakeInputs())
	if diags.HasErrors() {
		t.Fatalf("the campaign is wrong: %s", strings.Join(said(diags), "\n"))
	}
	return c
}

func accounts(c *spec.Campaign) map[string]Account {
	all := map[string]Account{}
	for name, a := range c.Accounts {
		facts := fakeFacts(a.Type)
		all[name] = Account{Provider: fake{facts}, Facts: facts, Identity: name}
	}
	return all
}

// input plans everything, without a limit.
func input(c *spec.Campaign) Input {
	return Input{Campaign: c, Accounts: accounts(c), Now: noon, Limit: -1, Samples: 2, Version: "0.1.0"}
}

// made is a plan with its steps.
type made struct {
	*Plan
	steps []Step
	diags hcl.Diagnostics
}

func makePlan(t testing.TB, in Input) made {
	t.Helper()
	var m made
	var err error
	m.Plan, m.diags, err = Make(context.Background(), in, func(s *Step) error {
		step := *s
		step.line = nil
		m.steps = append(m.steps, step)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// good wants a plan without errors.
func good(t testing.TB, in Input) made {
	t.Helper()
	m := makePlan(t, in)
	if m.Plan == nil {
		t.Fatalf("no plan: %s", strings.Join(said(m.diags), "\n"))
	}
	return m
}

// did gives the steps as "action address", with a reason where there is one.
func (m made) did() []string {
	var out []string
	for _, s := range m.steps {
		text := fmt.Sprintf("%s %s", s.Action, s.Send)
		if s.Reason != "" {
			text += ": " + s.Reason
		}
		out = append(out, text)
	}
	return out
}

// said gives diagnostics as "file:line:column summary: detail".
func said(diags hcl.Diagnostics) []string {
	var out []string
	for _, d := range diags {
		at := ""
		if d.Subject != nil {
			at = fmt.Sprintf("%s:%d:%d ", filepath.Base(d.Subject.Filename), d.Subject.Start.Line, d.Subject.Start.Column)
		}
		if d.Severity == hcl.DiagWarning {
			at += "(warning) "
		}
		out = append(out, at+d.Summary+": "+d.Detail)
	}
	return out
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n  %s\nwant:\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// after gives the ledger as it is when a plan's sends came out as given.
func after(view *state.View, m made, outcome func(Step) state.State) *state.View {
	now := map[addr.Send]state.Record{}
	ledger := records{}
	if view != nil {
		ledger = lastRecords[view]
	}
	for s, r := range ledger {
		now[s] = r
	}
	for _, s := range m.steps {
		if !s.Action.Sends() {
			continue
		}
		o := outcome(s)
		if o == state.Untried {
			continue // the row goes back to what it was
		}
		now[s.Send] = state.Record{Send: s.Send, State: o, Account: s.Account, Content: s.Content,
			Destination: s.Destination, Unique: s.Unique, At: noon}
	}
	return ledgerOf(now)
}

// records are what a view was made from.
type records map[addr.Send]state.Record

// lastRecords remembers them, since a view does not give them back.
var lastRecords = map[*state.View]records{}

func ledgerOf(r records) *state.View {
	v := state.NewView("lineage", 1, func(yield func(state.Record) bool) {
		for _, rec := range r {
			if !yield(rec) {
				return
			}
		}
	})
	lastRecords[v] = r
	return v
}

func sent(Step) state.State { return state.Sent }
