package spec

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// campaign is a whole campaign in which most of the language stands.
const campaign = `
herald {
  required_version = ">= 0.1.0"
  lineage          = "4f1c"
  state "local" {
    path = "ledger/x.state"
  }
}

variable "heyx_token" {
  type        = string
  sensitive   = true
  description = "Channel token"
  default     = "s3cret"
}

variable "region" {
  default = "eu"
}

locals {
  sender   = upper(local.name)
  name     = "herald-${var.region}"
  greeting = file("${path.root}/hello.txt")
}

provider "heyx" {
  token = var.heyx_token

  limits {
    requests = 10
    per      = "1d"
  }
  retry {
    max_attempts = 2
  }
}

provider "heyx" {
  alias = "second"
}

provider "chatwoot" {
  account_id = "12"
}

contact "ada" {
  first_name = "Ada"
  phone      = 36
  heyx_id    = "h0"
}

contact "me@example.org" {
  first_name = "Me"
}

contacts "customers" {
  source = "people.csv"
  key    = "id"
  rename = { plan = "tariff" }
  types  = { age = number }
  where  = contact.age > 18
}

contacts "events" {
  source     = "people.jsonl"
  key        = "uid"
  on_invalid = "skip"
  where      = contact.anything != ""
}

audience "all" {
  include    = [contacts.customers, contact.ada, contact["me@example.org"]]
  exclude    = [contacts.events]
  exclude_by = ["key", "phone"]
  where      = contact.first_name != "Bob"
  unique_by  = contact.phone
}

conversation "viber" {
  provider   = heyx
  with       = audience.all
  contact_id = contact.heyx_id
}

conversation "desk" {
  provider        = chatwoot
  with            = contacts.events
  conversation_id = contact.conversation
}

sequence "welcome" {
  conversation = conversation.viber
  where        = contact.tariff == "gold"
  on_change    = "resend"

  message "hello" {
    text = "${local.greeting} ${contact.first_name}, ${local.sender}"
    heyx {
      force_cancel_survey = true
    }
  }

  message "choice" {
    quick_replies {
      title   = "Renew?"
      replies = ["Yes", contact.first_name]
    }
  }

  message "desk" {
    conversation = conversation.desk
    native       = { content = contact.first_name, echo = 1 }
  }
}

sequence "again" {
  conversation = conversation.viber
  message "picture" {
    attachment {
      type = "image"
      url  = "https://x.example/${contact.key}.png"
    }
  }
}
`

func whole(t testing.TB) *Campaign {
	t.Helper()
	return load(t, "-- main.hcl --\n"+campaign+"-- hello.txt --\nHello\n-- people.jsonl --\n")
}

func TestLoad(t *testing.T) {
	c := whole(t)
	if c.Settings.Lineage != "4f1c" || c.Settings.StatePath != c.Root+"/ledger/x.state" {
		t.Errorf("settings %+v", c.Settings)
	}
	a := c.Accounts["heyx"]
	if a.Settings["token"].AsString() != "s3cret" || a.Limits.Requests != 10 || a.Limits.Per.Hours() != 24 ||
		a.Limits.Concurrency != 16 || a.Limits.StopAfter != 10 || a.Retry.MaxAttempts != 2 || a.Retry.MaxBackoff.Seconds() != 60 {
		t.Errorf("account %+v", a)
	}
	if b := c.Accounts["heyx.second"]; b.Limits.Requests != 25 || len(b.Settings) != 0 {
		t.Errorf("second account %+v", b)
	}
	if v := c.Accounts["chatwoot"].Settings["account_id"]; !v.RawEquals(cty.NumberIntVal(12)) {
		t.Errorf("account_id %#v", v)
	}
	if v := c.Contacts["ada"].Attributes["phone"]; !v.RawEquals(cty.StringVal("36")) {
		t.Errorf("phone %#v", v)
	}
	s := c.Sources["customers"]
	if got := strings.Join(s.Columns, " "); got != "id first_name tariff heyx_id phone age" || s.Key != "id" || s.Types["age"] != cty.Number || s.Skip {
		t.Errorf("source %+v", s)
	}
	if e := c.Sources["events"]; e.Columns != nil || !e.Skip {
		t.Errorf("source %+v", e)
	}
	aud := c.Audiences["all"]
	if len(aud.Include) != 3 || aud.Include[2].Name != "me@example.org" || aud.Include[2].Kind != RefContact || len(aud.ExcludeBy) != 2 {
		t.Errorf("audience %+v", aud)
	}
	if len(c.Sequences) != 2 || c.Sequences[0].Name != "again" || c.Sequences[1].OnChange != Resend || c.Sequences[0].OnChange != Keep {
		t.Errorf("sequences %+v", c.Sequences)
	}
	desk := c.Sequences[1].Messages[2]
	if desk.Conversation.Account.Name() != "chatwoot" || desk.Sequence != "welcome" {
		t.Errorf("message %+v", desk)
	}
}

// contact makes a person for a test.
func contact(attrs ...string) cty.Value {
	m := map[string]cty.Value{"key": cty.StringVal("k")}
	for i := 0; i < len(attrs); i += 2 {
		m[attrs[i]] = cty.StringVal(attrs[i+1])
	}
	return cty.ObjectVal(m)
}

func TestValue(t *testing.T) {
	c := whole(t)
	s := c.NewScope()
	welcome := c.Sequences[1]
	s.Set(contact("first_name", "Ada", "tariff", "gold", "heyx_id", "h1"))
	for _, tt := range []struct {
		name string
		expr *Expr
		want cty.Value
	}{
		{"text", welcome.Messages[0].Content.Fields["text"], cty.StringVal("Hello\n Ada, HERALD-EU")},
		{"replies", welcome.Messages[1].Content.Fields["replies"], cty.ListVal([]cty.Value{cty.StringVal("Yes"), cty.StringVal("Ada")})},
		{"title", welcome.Messages[1].Content.Fields["title"], cty.StringVal("Renew?")},
		{"where", welcome.Where, cty.True},
		{"option", welcome.Messages[0].Options["force_cancel_survey"], cty.True},
		{"address", c.Conversations["viber"].Address["contact_id"], cty.StringVal("h1")},
		{"native", welcome.Messages[2].Content.Fields["native"], cty.ObjectVal(map[string]cty.Value{"content": cty.StringVal("Ada"), "echo": cty.NumberIntVal(1)})},
	} {
		got, diags := tt.expr.Value(s)
		if diags.HasErrors() || !got.RawEquals(tt.want) {
			t.Errorf("%s: %#v, %v; want %#v", tt.name, got, diags, tt.want)
		}
	}
	text := welcome.Messages[0].Content.Fields["text"]
	if names, all := text.Attributes(); len(names) != 1 || names[0] != "first_name" || all || !text.PerPerson() {
		t.Errorf("text names %v, %v", names, all)
	}
	if title := welcome.Messages[1].Content.Fields["title"]; title.PerPerson() || title.Constant().AsString() != "Renew?" {
		t.Error("a title without contact is not the same for everyone")
	}
}

// A value that cannot be made is a diagnostic at the expression, whatever the person's attributes are.
func TestValueFails(t *testing.T) {
	c := whole(t)
	s := c.NewScope()
	text := c.Sequences[1].Messages[0].Content.Fields["text"]
	if _, diags := text.Value(s); !diags.HasErrors() {
		t.Error("a value without a person")
	}
	if _, diags := text.Value(nil); !diags.HasErrors() {
		t.Error("a value without a scope")
	}
	s.Set(cty.ObjectVal(map[string]cty.Value{"first_name": cty.NullVal(cty.String)}))
	_, diags := text.Value(s)
	if !diags.HasErrors() || string(diags[0].Subject.SliceBytes(c.Files()["main.hcl"].Bytes)) != "contact.first_name" || diags[0].Expression != nil || diags[0].EvalContext != nil {
		t.Errorf("null in a template: %v", diags)
	}
	id := c.Conversations["desk"].Address["conversation_id"]
	s.Set(contact("conversation", "1e600000000"))
	if _, diags := id.Value(s); !diags.HasErrors() || diags[0].Summary != "Number out of range" {
		t.Errorf("a huge number: %v", diags)
	}
	s.Set(contact("conversation", "x\u202ey"))
	if _, diags := id.Value(s); !diags.HasErrors() || strings.Contains(diags.Error(), "\u202e") {
		t.Errorf("not a number: %q", diags.Error())
	}
	s.Set(contact("conversation", "17"))
	if v, diags := id.Value(s); diags.HasErrors() || !v.RawEquals(cty.NumberIntVal(17)) {
		t.Errorf("a number: %#v %v", v, diags)
	}
}

func TestSource(t *testing.T) {
	c := whole(t)
	got := c.Sequences[1].Messages[0].Source
	want := `text
text = "${local.greeting} ${contact.first_name}, ${local.sender}"
option force_cancel_survey = true
with local.greeting = "Hello\n"
with local.sender = "HERALD-EU"
`
	if got != want {
		t.Errorf("source\n%s\nwant\n%s", got, want)
	}
	if got := c.Sequences[0].Messages[0].Source; !strings.Contains(got, "type = \"image\"\nurl = \"https://x.example/${contact.key}.png\"\n") {
		t.Errorf("source\n%s", got)
	}
}

// Positions are as tight as the guilty word.
func TestPositions(t *testing.T) {
	for _, tt := range []struct{ text, at string }{
		{"locals {\n  a = upper(lcoal.b)\n}", "main.hcl:2,13-20"},
		{"audience \"a\" {\n  include = [\n    contacts.nobody,\n  ]\n}", "main.hcl:3,5-20"},
		{"provider \"heyx\" {\n  limits {\n    requests = 0\n  }\n}", "main.hcl:3,16-17"},
		{"contact \"a\" {\n  email = \"x${var.y}z\"\n}", "main.hcl:2,15-20"},
		{"\ufefflocals {\n  a = b\n}", "main.hcl:2,7-8"},
	} {
		_, diags := Load(write(t, tt.text), testInputs())
		if len(diags) != 1 || diags[0].Subject.String() != tt.at {
			t.Errorf("%s: %v, want at %s", tt.text, diags, tt.at)
		}
	}
}

// expression evaluates one expression with the functions of a campaign in dir.
func expression(t testing.TB, dir, text string) (cty.Value, error) {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(text), "test", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	c := &checker{library: newLibrary(dir)}
	v, _, diags := c.constant(e, place{what: "a test", want: cty.DynamicPseudoType, null: true})
	if diags.HasErrors() {
		return v, diags
	}
	return v, nil
}

// A definition that uses files and whole lists folds them in; a file that depends on the person cannot be.
func TestSourceFolds(t *testing.T) {
	c := load(t, `-- main.hcl --
provider "heyx" {}
variable "shop" {
  default = { name = "Café", open = [9, 18] }
}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "v" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyx_id
}
sequence "s" {
  conversation = conversation.v
  message "m" {
    quick_replies {
      title   = templatefile("t.tmpl", { name = contact.first_name, shop = var.shop.name })
      replies = [file("${contact.plan}.txt"), file("t.tmpl"), "x"]
    }
  }
}
-- t.tmpl --
Hi ${name} from ${shop}
-- gold.txt --
G
`)
	want := `quick_replies
replies = [file("${contact.plan}.txt"), file("t.tmpl"), "x"]
title = templatefile("t.tmpl", { name = contact.first_name, shop = var.shop.name })
with file("t.tmpl") = "Hi ${name} from ${shop}\n"
with var.shop = {"name":"Café","open":[9,18]}
`
	m := c.Sequences[0].Messages[0]
	if m.Source != want {
		t.Errorf("source\n%s\nwant\n%s", m.Source, want)
	}
	s := c.NewScope()
	s.Set(contact("first_name", "Ada", "plan", "gold"))
	v, diags := m.Content.Fields["title"].Value(s)
	if diags.HasErrors() || v.AsString() != "Hi Ada from Café\n" {
		t.Errorf("%#v, %v", v, diags)
	}
	v, diags = m.Content.Fields["replies"].Value(s)
	if diags.HasErrors() || v.AsValueSlice()[0].AsString() != "G\n" {
		t.Errorf("%#v, %v", v, diags)
	}
	if at := m.Content.Fields["replies"].At(2); string(at.SliceBytes(c.Files()["main.hcl"].Bytes)) != `"x"` {
		t.Errorf("the third reply stands at %v", at)
	}
}

// Whatever number a person's data holds, an expression gives a bounded one or a diagnostic.
func TestPeoplesNumbers(t *testing.T) {
	p := newPeople()
	p.open = true
	c := &checker{library: newLibrary(t.TempDir())}
	s := (&Campaign{base: &hcl.EvalContext{Functions: c.library.all}}).NewScope()
	large, err := cty.ParseNumberVal("1e600000000")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`"${contact.n}"`, `jsonencode(contact)`, `"${contact.t * 2}"`, `"${-contact.t}"`, `"${contact.t % 7}"`, `"${1 / contact.zero}"`,
		`"${max(contact.t, 1)}"`, `"${floor(contact.t)}"`, `format("%f", contact.t)`, `format("%d", contact.t)`, `"${tonumber(contact.t)}"`,
		`"${jsondecode(contact.t)}"`, `"${sum([contact.t])}"`, `join("", formatlist("%d", [contact.t]))`, `"${contact.zero / contact.zero}"`,
	} {
		e, diags := parseExpression([]byte(text), "e")
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		x, diags := c.expr(e, place{what: "a test", people: p, want: cty.String})
		if diags.HasErrors() {
			t.Fatalf("%s: %v", text, diags)
		}
		s.Set(cty.ObjectVal(map[string]cty.Value{"n": large, "t": cty.StringVal("1e600000000"), "zero": cty.Zero}))
		if v, diags := x.Value(s); !diags.HasErrors() {
			t.Errorf("%s gives %d bytes", text, len(v.AsString()))
		}
	}
	// Text that looks like a number stays text.
	e, _ := parseExpression([]byte(`contact.t == "1e600000000" ? "code ${contact.t}" : ""`), "e")
	x, _ := c.expr(e, place{what: "a test", people: p, want: cty.String})
	s.Set(contact("t", "1e600000000"))
	if v, diags := x.Value(s); diags.HasErrors() || v.AsString() != "code 1e600000000" {
		t.Errorf("%#v, %v", v, diags)
	}
}

// Problems without a place come first, the others as they stand in the files.
func TestOrderOfDiagnostics(t *testing.T) {
	in := testInputs()
	in.Flags = []VarFlag{{"none", "x"}}
	_, diags := Load(write(t, "-- b.hcl --\nx = 1\n-- a.hcl --\ny = 1\nz = 1\n"), in)
	var got []string
	for _, d := range diags {
		if d.Subject == nil {
			got = append(got, "nowhere")
			continue
		}
		got = append(got, d.Subject.String())
	}
	if want := "nowhere a.hcl:1,1-2 a.hcl:2,1-2 b.hcl:1,1-2"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestPrintable(t *testing.T) {
	if got := printable("a\u202eb\x1b[0m\nc\r\t\U000e0001"); got != `a\u202eb\u001b[0m`+"\nc"+`\r\t\U000e0001` {
		t.Errorf("%q", got)
	}
}

func TestPlaceholder(t *testing.T) {
	for _, ty := range []cty.Type{
		cty.String, cty.Number, cty.Bool, cty.List(cty.String), cty.Set(cty.Bool), cty.Map(cty.Number),
		cty.Tuple([]cty.Type{cty.String}), cty.Object(map[string]cty.Type{"a": cty.Number}),
	} {
		if v := placeholder("x", ty); !v.Type().Equals(ty) || !v.IsWhollyKnown() || v.IsNull() {
			t.Errorf("%#v: %#v", ty, v)
		}
	}
}
