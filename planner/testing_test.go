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

// fake is a provider whose limits are easy to reach: 20 characters a reply, ten replies, texts of at most 60 bytes, and
// 20 bytes for the titles of items and cards, of which pictures are wanted.
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
	if f.facts.Type == "asked" {
		for _, p := range about(m.Address) {
			wrong(p)
		}
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
	for _, p := range append(m.Content.Shape(), rich(&m.Content)...) {
		wrong(p)
	}
	if m.Options.Int("priority") > 9 {
		wrong(providers.Problem{Part: providers.PartOption, Field: "priority", Index: -1, Summary: "Priority too high", Detail: "At most 9."})
	}
	if providers.Failed(problems) {
		return providers.Request{}, problems
	}
	whole := struct {
		Address providers.Values       `json:"address,omitempty"`
		Content map[providers.Kind]any `json:"content"`
		Options providers.Values       `json:"options"`
	}{Content: map[providers.Kind]any{m.Content.Kind: own(&m.Content)}, Options: m.Options}
	if f.facts.Type == "asked" {
		whole.Address = m.Address
	}
	body, err := json.Marshal(whole)
	if err != nil {
		panic(err)
	}
	return providers.Request{Method: "POST", Path: "/" + m.Address.String("to"), Body: body}, problems
}

// rich finds what no part of a message shows alone, and what is too long in it.
func rich(c *providers.Content) []providers.Problem {
	var problems []providers.Problem
	title := func(at, s string) {
		if len(s) > 20 {
			problems = append(problems, providers.Problem{Field: at, Index: -1, Summary: "Title too long", Detail: providers.Quote(s) + " is too long."})
		}
	}
	picture := func(at, url string) {
		if url == "" {
			problems = append(problems, providers.Problem{Field: at, Index: -1, Warning: true, Summary: "No picture", Detail: "It has no image_url."})
		}
	}
	for i, item := range c.List.Items {
		title(nth("item", i)+".title", item.Title)
		for j, link := range item.Links {
			title(nth(nth("item", i)+".link", j)+".title", link.Title)
		}
	}
	for i, card := range c.Cards.Cards {
		title(nth("card", i)+".title", card.Title)
		picture(nth("card", i), card.ImageURL)
		if len(card.Links) == 0 {
			problems = append(problems, providers.Problem{Field: nth("card", i) + ".link", Index: -1, Summary: "Card without links", Detail: "It needs one."})
		}
	}
	if len(c.Cards.Cards) > 2 {
		problems = append(problems, providers.Problem{Index: -1, Summary: "Too many cards", Detail: "At most two."})
	}
	for i, field := range c.Form.Fields {
		for j, o := range field.Options {
			if len(o) > 20 {
				problems = append(problems, providers.Problem{Field: nth("field", i) + ".options", Index: j, Summary: "Option too long", Detail: providers.Quote(o) + " is too long."})
			}
		}
	}
	return problems
}

// about finds what is missing of a person whom asked is asked about.
func about(a providers.Values) []providers.Problem {
	var problems []providers.Problem
	if a.String("about.name") == "" {
		problems = append(problems, providers.Problem{Part: providers.PartAddress, Field: "about.name", Index: -1, Summary: "No name", Detail: "Give name."})
	}
	if a.String("about.email") == "" && a.String("about.phone") == "" {
		problems = append(problems, providers.Problem{Part: providers.PartAddress, Field: "about", Index: -1, Summary: "No way to answer", Detail: "Give email or phone."})
	}
	return problems
}

// own gives that part of a content which its kind has.
func own(c *providers.Content) any {
	switch c.Kind {
	case providers.KindText:
		return c.Text
	case providers.KindAttachment:
		return c.Attachment
	case providers.KindQuickReplies:
		return c.QuickReplies
	case providers.KindList:
		return c.List
	case providers.KindCards:
		return c.Cards
	case providers.KindForm:
		return c.Form
	case providers.KindArticles:
		return c.Articles
	}
	return c.Native
}

func fakeFacts(name string) providers.Facts {
	f := providers.Facts{Type: name, Title: strings.ToUpper(name),
		Address: []providers.Attribute{{Name: "to", Type: providers.String}, {Name: "box", Type: providers.Int}},
		Options: []providers.Attribute{{Name: "priority", Type: providers.Int}, {Name: "quiet", Type: providers.Bool}},
	}
	for _, k := range providers.Kinds() {
		if k != providers.KindAttachment || name == "post" {
			f.Carries = append(f.Carries, providers.Carries{Kind: k})
		}
	}
	if name == "asked" {
		for _, at := range askedAbout() {
			f.Address = append(f.Address, providers.Attribute{Name: at.Name, Type: providers.String})
		}
	}
	return f
}

func fakeInputs() spec.Inputs {
	attribute := func(name string, t cty.Type) spec.Attribute {
		return spec.Attribute{Name: name, Type: t, Whole: t == cty.Number}
	}
	in := spec.Inputs{Version: "0.1.0", Env: func(string) (string, bool) { return "", false }, Header: table.Header}
	for _, name := range []string{"chat", "post", "asked"} {
		s := spec.Schema{Type: name, Requests: 10, Per: time.Second,
			Address: []spec.Attribute{attribute("to", cty.String), attribute("box", cty.Number)},
			Options: []spec.Attribute{attribute("priority", cty.Number), attribute("quiet", cty.Bool)}}
		for _, k := range providers.Kinds() {
			s.Kinds = append(s.Kinds, string(k))
		}
		if name == "asked" {
			s.Address = append(s.Address, askedAbout()...)
		}
		in.Schemas = append(in.Schemas, s)
	}
	return in
}

// askedAbout is the block about of a conversation on asked.
func askedAbout() []spec.Attribute {
	of := func(name string) spec.Attribute {
		return spec.Attribute{Name: "about." + name, Type: cty.String, From: name}
	}
	return []spec.Attribute{of("name"), of("email"), of("phone")}
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
		if s.Action == Assume {
			r := now[s.Send]
			r.State = state.Sent
			now[s.Send] = r
		}
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

// onDoubt gives a campaign whose sequences say so.
func onDoubt(what spec.OnDoubt, text string) string {
	return strings.ReplaceAll(text, "  conversation = conversation.chat\n", "  conversation = conversation.chat\n  on_doubt = \""+string(what)+"\"\n")
}

func sent(Step) state.State { return state.Sent }
