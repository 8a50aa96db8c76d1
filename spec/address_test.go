package spec

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// asking is a conversation with people of JSONL, of whom nothing is known beforehand.
const asking = `-- main.hcl --
provider "maax" {}
contacts "people" {
  source = "people.jsonl"
  key    = "id"
}
conversation "ask" {
  provider = maax
  with     = contacts.people
  platform = "sms"
}
-- people.jsonl --
`

func TestAddressBlock(t *testing.T) {
	c := load(t, rich)
	for name, want := range map[string]string{
		"ask":     "platform prospect_info.first_name prospect_info.note", // only what the block gives
		"implied": "platform prospect_info.first_name prospect_info.phone",
	} {
		if got := strings.Join(slices.Sorted(maps.Keys(c.Conversations[name].Address)), " "); got != want {
			t.Errorf("%s has %s, want %s", name, got, want)
		}
	}
	if e := c.Conversations["ask"].Address["prospect_info.first_name"]; e.Implied() || !e.PerPerson() {
		t.Errorf("written: %+v", e)
	}
	if e := c.Conversations["ask"].Address["prospect_info.note"]; e.PerPerson() || e.Constant().AsString() != "x" {
		t.Errorf("the same for everyone: %+v", e)
	}
}

// An attribute that the campaign does not write names what it is taken from and stands at the conversation's header.
func TestImpliedAddress(t *testing.T) {
	c := load(t, asking)
	text := c.Files()["main.hcl"].Bytes
	for name, from := range map[string]string{
		"prospect_info.first_name": "first_name", "prospect_info.facebook": "facebook", "prospect_info.score": "lead-score",
	} {
		e := c.Conversations["ask"].Address[name]
		if e == nil || !e.PerPerson() || !e.Implied() {
			t.Fatalf("%s: %+v", name, e)
		}
		if names, whole := e.Attributes(); !slices.Equal(names, []string{from}) || whole {
			t.Errorf("%s names %v, %v", name, names, whole)
		}
		for what, at := range map[string]hcl.Range{"all": e.Range(), "attribute": e.AttributeRange(from), "element": e.At(0)} {
			if got := string(at.SliceBytes(text)); got != `conversation "ask"` {
				t.Errorf("%s, %s: at %q", name, what, got)
			}
		}
	}
	if _, ok := c.Conversations["ask"].Address["prospect_info.note"]; ok {
		t.Error("an attribute is taken from nothing")
	}
}

func TestImpliedValue(t *testing.T) {
	c := load(t, asking)
	address := c.Conversations["ask"].Address
	s := c.NewScope()
	null := cty.NullVal(cty.DynamicPseudoType)
	for _, tt := range []struct {
		what string
		who  cty.Value
		name string
		want cty.Value // cty.NilVal for an error
	}{
		{"there", contact("email", "a@x.example"), "email", cty.StringVal("a@x.example")},
		{"empty", contact("email", ""), "email", cty.StringVal("")},
		{"null", cty.ObjectVal(map[string]cty.Value{"email": null}), "email", cty.NullVal(cty.String)},
		{"missing", contact(), "email", cty.NullVal(cty.String)},
		{"a person without anything", cty.EmptyObjectVal, "score", cty.NullVal(cty.Number)},
		{"a name with a hyphen", contact("lead-score", "7"), "score", cty.NumberIntVal(7)},
		{"a number for text", cty.ObjectVal(map[string]cty.Value{"facebook": cty.NumberIntVal(5)}), "facebook", cty.StringVal("5")},
		{"no text", cty.ObjectVal(map[string]cty.Value{"facebook": cty.EmptyTupleVal}), "facebook", cty.NilVal},
		{"no number", contact("lead-score", "many\u202e"), "score", cty.NilVal},
		{"a huge number", contact("lead-score", "1e600000000"), "score", cty.NilVal},
		{"nobody in particular", cty.DynamicVal, "email", cty.UnknownVal(cty.String)},
	} {
		s.Set(tt.who)
		v, diags := address["prospect_info."+tt.name].Value(s)
		switch {
		case tt.want != cty.NilVal:
			if diags.HasErrors() || !v.IsKnown() && tt.want.IsKnown() || v.IsKnown() && !v.RawEquals(tt.want) {
				t.Errorf("%s: %#v, %v; want %#v", tt.what, v, diags, tt.want)
			}
		case !diags.HasErrors():
			t.Errorf("%s: %#v", tt.what, v)
		case !strings.HasPrefix(diags[0].Detail, "prospect_info."+tt.name+" is taken from contact") || strings.Contains(diags[0].Detail, "\u202e"):
			t.Errorf("%s: %q", tt.what, diags[0].Detail)
		}
	}
	if _, diags := address["prospect_info.email"].Value(nil); !diags.HasErrors() {
		t.Error("a value without a person")
	}
}

// In a union of sources an attribute is taken from those who may have it, whatever the others lack.
func TestImpliedOfUnion(t *testing.T) {
	c := load(t, `
provider "maax" {}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
contact "bob" {
  email = "bob@x.example"
}
conversation "ask" {
  provider = maax
  with     = [contacts.people, contact.bob]
  platform = "email"
}
`)
	want := "platform prospect_info.email prospect_info.first_name prospect_info.phone"
	if got := strings.Join(slices.Sorted(maps.Keys(c.Conversations["ask"].Address)), " "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Details tell the remedy for a slip around an address block.
func TestAddressRemedies(t *testing.T) {
	for _, tt := range []struct{ body, at, detail string }{
		{`email = "x"`, "email", "It stands in another block: prospect_info { email = ... }."},
		{"prospect_inf {\n}", "prospect_inf", `Did you mean "prospect_info"?`},
		{"prospect_info = {}", "prospect_info", "prospect_info is a block here: write prospect_info { ... }, without an equals sign."},
		{"prospect_info {\nfirst_name = \"A\"\nphon = \"x\"\n}", "phon", `A prospect_info block has no argument named "phon". Did you mean "phone"?`},
		{"prospect_info {\n}", "prospect_info", `A prospect_info block needs the argument "first_name".`},
		{"prospect_info {\nfirst_name = \"A\"\nscore = 0.5\n}", "0.5", "prospect_info.score must be a whole number."},
	} {
		text := strings.Replace(asking, `platform = "sms"`, "platform = \"sms\"\n"+tt.body, 1)
		c, diags := Load(write(t, text), testInputs())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.detail) {
			t.Errorf("%s:\n%s", tt.body, printed(c, diags))
			continue
		}
		if at := string(diags[0].Subject.SliceBytes(c.Files()["main.hcl"].Bytes)); at != tt.at {
			t.Errorf("%s: at %s, want %s", tt.body, at, tt.at)
		}
	}
}
