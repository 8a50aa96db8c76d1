package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/table"
)

// schemas are provider types like the real ones; together they have everything a schema can say.
func schemas() []Schema {
	text := func(name string) Attribute { return Attribute{Name: name, Type: cty.String} }
	from := func(name string) Attribute {
		return Attribute{Name: "prospect_info." + name, Type: cty.String, From: name}
	}
	firstName := from("first_name")
	firstName.Required = true
	return []Schema{
		{
			Type:     "heyx",
			Settings: []Attribute{text("token"), {Name: "channel", Type: cty.String, Enum: []string{"viber"}}, text("base_url")},
			Address:  []Attribute{{Name: "contact_id", Type: cty.String, Required: true}},
			Options:  []Attribute{{Name: "force_cancel_survey", Type: cty.Bool}},
			Kinds:    []string{"text", "attachment", "quick_replies", "native"},
			Requests: 25, Per: time.Second,
		},
		{
			Type:     "chatwoot",
			Settings: []Attribute{text("api_access_token"), {Name: "account_id", Type: cty.Number, Whole: true}, text("base_url")},
			Address:  []Attribute{{Name: "conversation_id", Type: cty.Number, Whole: true, Required: true}},
			Options:  []Attribute{{Name: "private", Type: cty.Bool}, {Name: "message_type", Type: cty.String, Enum: []string{"outgoing", "incoming"}}},
			Kinds:    []string{"text", "quick_replies", "cards", "form", "articles", "native"},
			Requests: 40, Per: time.Second,
		},
		{
			Type:     "avaamo",
			Settings: []Attribute{text("access_token"), text("agent_token"), text("bot_id"), text("base_url")},
			Address:  []Attribute{{Name: "uuid", Type: cty.String, Required: true}},
			Options:  []Attribute{text("force_locale")},
			Kinds:    []string{"text", "quick_replies", "list", "cards", "form", "native"},
			Requests: 5, Per: time.Second,
		},
		{
			Type:     "maax",
			Settings: []Attribute{text("api_key"), {Name: "ai_id", Type: cty.Number, Whole: true}, text("base_url")},
			Address: []Attribute{
				{Name: "platform", Type: cty.String, Required: true, Enum: []string{"website", "email", "sms"}},
				{Name: "conversation_id", Type: cty.Number, Whole: true},
				firstName, from("last_name"), from("email"), from("phone"), from("facebook"),
				{Name: "prospect_info.score", Type: cty.Number, Whole: true, From: "lead-score"},
				text("prospect_info.note"), // from nothing of contact
			},
			Options:  []Attribute{{Name: "output_format", Type: cty.String, Enum: []string{"plain_text"}}},
			Kinds:    []string{"text"},
			Requests: 5, Per: time.Second,
		},
	}
}

// testInputs are inputs without environment and flags.
func testInputs() Inputs {
	return Inputs{
		Schemas: schemas(), Version: "0.3.1", Header: table.Header,
		Env: func(string) (string, bool) { return "", false },
	}
}

// people is the file of people that most tests read.
const peopleCSV = "id,first_name,plan,heyx_id,phone,age\nc1,Ada,gold,h1,+441234,36\n"

// write puts the files of a txtar archive into a new directory, with people.csv beside them. Text without file markers
// is main.hcl.
func write(t testing.TB, archive string) string {
	t.Helper()
	a := txtar.Parse([]byte(archive))
	if len(a.Files) == 0 {
		a.Files = []txtar.File{{Name: "main.hcl", Data: []byte(archive)}}
	}
	dir := t.TempDir()
	put := func(name string, data []byte) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("people.csv", []byte(peopleCSV))
	for _, f := range a.Files {
		put(f.Name, f.Data)
	}
	return dir
}

// load loads a campaign that must be good.
func load(t testing.TB, archive string, change ...func(*Inputs)) *Campaign {
	t.Helper()
	in := testInputs()
	for _, c := range change {
		c(&in)
	}
	c, diags := Load(write(t, archive), in)
	if diags.HasErrors() {
		t.Fatalf("unexpected errors:\n%s", printed(c, diags))
	}
	return c
}

// printed writes diagnostics as the command line does.
func printed(c *Campaign, diags hcl.Diagnostics) string {
	var b strings.Builder
	if err := hcl.NewDiagnosticTextWriter(&b, c.Files(), 100, false).WriteDiagnostics(diags); err != nil {
		return err.Error()
	}
	return b.String()
}
