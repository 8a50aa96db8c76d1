package spec

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// told gives messages.offer with some facts known; the others are unknown.
func told(facts map[string]cty.Value) cty.Value {
	all := map[string]cty.Value{}
	for name, t := range MessageFacts.AttributeTypes() {
		all[name] = cty.UnknownVal(t)
	}
	for name, v := range facts {
		all[name] = v
	}
	return cty.ObjectVal(map[string]cty.Value{"offer": cty.ObjectVal(all)})
}

// second is the message after offer, with this in its block.
func second(t *testing.T, text string) (*Campaign, *Message) {
	t.Helper()
	c := load(t, timed("", oneMessage+"message \"second\" {\n"+text+"\n}"))
	return c, c.Sequences[0].Messages[1]
}

type known map[string]cty.Value

var (
	yes     = known{"replied": cty.True, "reply": cty.StringVal("yes")}
	no      = known{"replied": cty.True, "reply": cty.StringVal("no")}
	silent  = known{"replied": cty.False}
	nothing = known{}
)

// A condition is known as soon as what it depends on is known.
func TestWhenValues(t *testing.T) {
	unknown := cty.UnknownVal(cty.Bool)
	for _, tt := range []struct {
		when                     string
		yes, no, silent, nothing cty.Value
	}{
		{`messages.offer.replied`, cty.True, cty.True, cty.False, unknown},
		{`!messages.offer.replied`, cty.False, cty.False, cty.True, unknown},
		{`messages.offer.replied && messages.offer.reply == "yes"`, cty.True, cty.False, cty.False, unknown},
		{`messages.offer.reply == "yes" && messages.offer.replied`, cty.True, cty.False, cty.False, unknown},
		{`messages["offer"].replied && (local.yes == messages.offer["reply"])`, cty.True, cty.False, cty.False, unknown},
		{`!messages.offer.replied || messages.offer.reply != "no"`, cty.True, cty.False, cty.True, unknown},
		{`messages.offer.replied ? messages.offer.reply == "yes" : true`, cty.True, cty.False, cty.True, unknown},
		{`contact.plan == "gold" && messages.offer.replied`, cty.True, cty.True, cty.False, unknown},
		{`contact.plan != "gold" && messages.offer.replied`, cty.False, cty.False, cty.False, cty.False},
		{`contact.plan == "gold" || messages.offer.replied`, cty.True, cty.True, cty.True, cty.True},
		{`strcontains(lower(messages.offer.reply), "ye")`, cty.True, cty.False, unknown, unknown},
		{`try(messages.offer.reply, "") == "yes"`, cty.True, cty.False, unknown, unknown},
		{`contains(["no", "never"], messages.offer.reply)`, cty.False, cty.True, unknown, unknown},
		{`coalesce(messages.offer.reply, "x") == "no"`, cty.False, cty.True, unknown, unknown},
		{`jsonencode(messages.offer) != "{}" && messages.offer.replied`, unknown, unknown, cty.False, unknown},
	} {
		c, m := second(t, "when = "+tt.when+"\n text = \"hi\"")
		if !m.When.PerPerson() || len(m.When.Facts()) == 0 {
			t.Errorf("%s: PerPerson %v, facts %v", tt.when, m.When.PerPerson(), m.When.Facts())
		}
		scope := c.NewScope()
		for i, want := range []cty.Value{tt.yes, tt.no, tt.silent, tt.nothing} {
			scope.Set(contact("plan", "gold"))
			scope.SetMessages(told([]known{yes, no, silent, nothing}[i]))
			got, diags := m.When.Value(scope)
			if diags.HasErrors() || got.IsKnown() != want.IsKnown() || got.IsKnown() && !got.RawEquals(want) || got.Type() != cty.Bool {
				t.Errorf("%s with %v: %#v %v, want %#v", tt.when, []string{"yes", "no", "silent", "nothing"}[i], got, diags, want)
			}
		}
	}
}

// What a message says may depend on facts; as long as these are unknown, so is what depends on them, and nothing fails.
func TestFactsInContent(t *testing.T) {
	for _, tt := range []struct {
		text, field string
		whenKnown   string // as JSON
	}{
		{`text = "You wrote ${messages.offer.reply}, ${contact.first_name}"`, "text", `"You wrote yes, Ada"`},
		{`text = upper(messages.offer.reply)`, "text", `"YES"`},
		{`text = format("%s %d", messages.offer.reply, length(messages.offer.reply))`, "text", `"yes 3"`},
		{"text = <<-EOT\n  %{ if messages.offer.replied }${messages.offer.reply}%{ endif }\n  EOT\n", "text", `"yes\n"`},
		{"quick_replies {\n title = \"Sure?\"\n replies = [\"Yes\", messages.offer.reply]\n}", "replies", `["Yes","yes"]`},
		{"quick_replies {\n title = \"Sure?\"\n replies = [for r in split(\"e\", messages.offer.reply) : r]\n}", "replies", `["y","s"]`},
		{"quick_replies {\n title = \"Sure?\"\n replies = messages.offer.replied ? [\"a\"] : [\"a\", \"b\"]\n}", "replies", `["a"]`},
		{"attachment {\n type = messages.offer.replied ? \"image\" : \"file\"\n url = \"https://x.example\"\n}", "type", `"image"`},
		{`native = { content = messages.offer.reply, all = messages.offer.replied, echo = 1 }`, "native", `{"all":true,"content":"yes","echo":1}`},
		{`native = { (contact.plan) = "${tonumber(length(messages.offer.reply)) + 1}" }`, "native", `{"gold":4}`},
	} {
		c, m := second(t, tt.text)
		x, scope := m.Content.Fields[tt.field], c.NewScope()
		scope.Set(contact("first_name", "Ada", "plan", "gold"))
		scope.SetMessages(told(nothing))
		if v, diags := x.Value(scope); diags.HasErrors() || v.IsWhollyKnown() {
			t.Errorf("%s without facts: %#v %v", tt.text, v, diags)
		}
		scope.SetMessages(cty.DynamicVal)
		if v, diags := x.Value(scope); diags.HasErrors() || v.IsWhollyKnown() {
			t.Errorf("%s with nothing known at all: %#v %v", tt.text, v, diags)
		}
		scope.SetMessages(told(yes))
		if v, diags := x.Value(scope); diags.HasErrors() || asJSON(v) != tt.whenKnown {
			t.Errorf("%s: %s %v", tt.text, asJSON(v), diags)
		}
	}
}

func TestFactsInOptions(t *testing.T) {
	c, m := second(t, "text = \"hi\"\n heyx {\n force_cancel_survey = !messages.offer.replied\n}")
	x, scope := m.Options["force_cancel_survey"], c.NewScope()
	scope.Set(contact())
	scope.SetMessages(told(yes))
	if v, diags := x.Value(scope); diags.HasErrors() || !v.RawEquals(cty.False) {
		t.Errorf("%#v %v", v, diags)
	}
	if got := x.Facts(); !slices.Equal(got, []FactRef{{"offer", "replied"}}) {
		t.Errorf("facts %v", got)
	}
}

func TestFacts(t *testing.T) {
	c := load(t, timed("", oneMessage+`
message "second" {
  text = "hi"
}
message "third" {
  when = messages.second.read || messages.offer.sent && messages.offer.read || messages["offer"].read || can(messages.offer)
  text = "hi ${[for messages in ["x"] : messages][0]}"
}`))
	m := c.Sequences[0].Messages[2]
	if want := []FactRef{{"offer", ""}, {"offer", "read"}, {"offer", "sent"}, {"second", "read"}}; !slices.Equal(m.When.Facts(), want) {
		t.Errorf("facts %v", m.When.Facts())
	}
	if x := m.Content.Fields["text"]; x.PerPerson() || len(x.Facts()) != 0 {
		t.Error("a loop's own name counts as the messages")
	}
	if names, whole := m.When.Attributes(); len(names) != 0 || whole {
		t.Errorf("the condition names %v of contact", names)
	}
}

// What is known of one person's messages never serves for the next one.
func TestSetForgetsMessages(t *testing.T) {
	c, m := second(t, "when = messages.offer.replied\n text = \"hi\"")
	scope := c.NewScope()
	scope.SetMessages(told(yes))
	scope.Set(contact())
	if _, diags := m.When.Value(scope); !diags.HasErrors() || diags[0].Summary != "No earlier message at hand" {
		t.Errorf("a value without messages: %v", diags)
	}
	if _, diags := m.When.Value(nil); !diags.HasErrors() {
		t.Error("a value without a scope")
	}
}

// Errors of one person's facts say where. What somebody wrote cannot obey a terminal in them.
func TestFactsFail(t *testing.T) {
	c, m := second(t, "text = \"hi ${tonumber(messages.offer.reply)}\"")
	scope := c.NewScope()
	scope.Set(contact())
	for _, reply := range []string{"\x1b[2J\u202e", "1e600000000"} {
		scope.SetMessages(told(known{"reply": cty.StringVal(reply)}))
		_, diags := m.Content.Fields["text"].Value(scope)
		if !diags.HasErrors() || diags[0].Subject == nil || strings.Contains(diags.Error(), reply) {
			t.Errorf("%s: %v", reply, diags)
		}
	}
	scope.SetMessages(told(known{"reply": cty.NullVal(cty.String)}))
	if _, diags := m.Content.Fields["text"].Value(scope); !diags.HasErrors() {
		t.Error("null in a template")
	}
}

// A message's definition has its delay and its condition, and the condition is there by itself as well.
func TestConditionSource(t *testing.T) {
	c := load(t, "-- main.hcl --\n"+timed("", oneMessage+`
message "second" {
  after = "26h"
  when = !messages.offer.replied  && contact.plan ==   local.yes  && file("x.txt") != "" # comment
  text  = "hi ${local.zone}"
}
message "third" {
  after = "2d"
  when  = local.yes == "yes"
  text  = "hi"
}`)+"-- x.txt --\nX\n")
	m := c.Sequences[0].Messages
	if m[0].After != 0 || m[0].When != nil || m[0].WhenSource != "" || m[0].Source != "text\ntext = \"hi\"\n" {
		t.Errorf("the first message is %+v", m[0])
	}
	const with = "with file(\"x.txt\") = \"X\\n\"\nwith local.yes = \"yes\"\n"
	wantSource := "text\ntext = \"hi Europe/Berlin\"\nafter = 26h0m0s\nwhen = !messages.offer.replied  && contact.plan ==   local.yes  && file(\"x.txt\") != \"\"\n" + with
	if m[1].After != 26*time.Hour || m[1].Source != wantSource {
		t.Errorf("after %s, source\n%s\nwant\n%s", m[1].After, m[1].Source, wantSource)
	}
	if want := "!messages.offer.replied && contact.plan == local.yes && file(\"x.txt\") != \"\"\n" + with; m[1].WhenSource != want {
		t.Errorf("condition\n%s\nwant\n%s", m[1].WhenSource, want)
	}
	if m[2].WhenSource != "true\n" || m[2].Source != "text\ntext = \"hi\"\nafter = 2d\nwhen = true\n" || m[2].When.PerPerson() {
		t.Errorf("condition %q, source %q", m[2].WhenSource, m[2].Source)
	}
}

// A condition that is laid out otherwise is the same one; any other edit makes another.
func TestConditionLayout(t *testing.T) {
	source := func(when string) string {
		_, m := second(t, "when = "+when+"\n text = \"hi\"")
		return m.WhenSource
	}
	first := `messages.offer.replied && contact.plan == "a  b"`
	for _, same := range []string{
		"(\n messages.offer.replied &&\n  contact.plan==\"a  b\" # why\n)", `( messages . offer.replied&&contact.plan /* x */ == "a  b")`,
	} {
		if got, want := source(same), source("("+first+")"); got != want {
			t.Errorf("%s is %s, want %s", same, got, want)
		}
	}
	for _, other := range []string{
		`messages.offer.replied && contact.plan == "a b"`, `messages.offer.replied || contact.plan == "a  b"`,
		`messages.offer.replied && contact.plan == " a  b"`, `messages.offer.read && contact.plan == "a  b"`,
		`messages.offer.replied && contact.plan == "a  ${contact.first_name}"`,
	} {
		if source(other) == source(first) {
			t.Errorf("%s counts as the same as %s", other, first)
		}
	}
	for text, want := range map[string]string{
		`"${a - b}"`: `"${a - b}"`, `"${a-b}"`: `"${a-b}"`, `"%{ if  a }x  y%{ endif }"`: `"%{if a}x  y%{endif}"`,
		`f( [1,2] ,"${ g("}  ") }") ? a : b`: `f([1, 2], "${g("}  ")}") ? a : b`, "[\n1,\n2\n]": "[1, 2]",
		"{\n a = 1\n}": "{\n a = 1\n}", "<<EOT\n a\nEOT\n": "<<EOT\n a\nEOT\n",
	} {
		if got := plainLayout(text); got != want {
			t.Errorf("%q is laid out as %q, want %q", text, got, want)
		}
	}
}

// What only the canonical layout writes otherwise is the same condition, and the same text.
func TestRecordKnowsNoLayout(t *testing.T) {
	source := func(when, text string) (string, string) {
		c := load(t, "-- main.hcl --\n"+timed("", oneMessage+`
message "second" {
  when = `+when+`
  text = `+text+`
}`))
		m := c.Sequences[0].Messages[1]
		return m.WhenSource, m.Source
	}
	when, text := source(`contact.plan == "x" && messages.offer.sent`, `contact.plan`)
	for _, other := range [][2]string{
		{`"${contact.plan == "x" && messages.offer.sent}"`, `"${contact.plan}"`},
		{`(contact.plan == "x" && messages.offer.sent)`, `("${(contact.plan)}")`},
	} {
		if w, x := source(other[0], other[1]); w != when || x != text {
			t.Errorf("%s and %s gave\n%s\n%s, want\n%s\n%s", other[0], other[1], w, x, when, text)
		}
	}
	if w, x := source(`!(contact.plan == "x" && messages.offer.sent)`, `"${contact.plan}!"`); w == when || x == text {
		t.Error("another condition and text are taken for the same")
	}
}
