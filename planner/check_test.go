package planner

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name    string
		message string
		to      string
		want    []string // the content begins on line 16
	}{
		{name: "good", message: "text = \"Hi ${contact.name}\""},
		{name: "constant text over the limit", message: "text = \"" + strings.Repeat("x", 61) + "\"", want: []string{"main.hcl:16:12 Text too long: It has 61 bytes."}},
		{name: "a warning", message: "text = \"Hi {{name}}\"", want: []string{"main.hcl:16:12 (warning) Liquid: The server renders it."}},
		{name: "a warning that depends on the person", message: "text = \"{{ ${contact.name}\""},
		{name: "reply of 21 characters", message: "quick_replies {\ntitle = \"T\"\nreplies = [\"Yes\", \"123456789012345678901\"]\n}", want: []string{
			`main.hcl:18:19 Reply too long: "123456789012345678901" is too long.`}},
		{name: "eleventh reply", message: "quick_replies {\ntitle = \"T\"\nreplies = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]\n}", want: []string{
			`main.hcl:18:53 Too many replies: At most ten.`}},
		{name: "eleventh reply that depends on the person", message: "quick_replies {\ntitle = contact.name\nreplies = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",contact.name]\n}", want: []string{
			`main.hcl:18:53 Too many replies: At most ten.`}},
		{name: "literal reply beside one that depends on the person", message: "quick_replies {\ntitle = \"T\"\nreplies = [contact.name, \"123456789012345678901\"]\n}", want: []string{
			`main.hcl:18:26 Reply too long: "123456789012345678901" is too long.`}},
		{name: "replies that depend on the person as a whole", message: "quick_replies {\ntitle = \"T\"\nreplies = split(\",\", contact.name)\n}"},
		{name: "kind that cannot be carried", message: "attachment {\ntype = \"image\"\nurl = contact.name\n}", want: []string{
			`main.hcl:16:5 Content the provider cannot carry: `}},
		{name: "native that depends on the person", message: "native = { a = contact.name }"},
		{name: "option over its limit", message: "text = \"Hi\"\nchat {\npriority = 10\n}", want: []string{"main.hcl:18:12 Priority too high: At most 9."}},
		{name: "constant address that is empty", to: `""`, message: "text = \"Hi\"", want: []string{"main.hcl:11:14 No address: Give to."}},
		{name: "no address", to: "null", message: "text = \"Hi\"", want: []string{"main.hcl:11:14 No address: Give to."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.to == "" {
				tt.to = "contact.key"
			}
			c := campaign(t, `-- main.hcl --
provider "chat" {
}
contact "ada" {
  name  = "Ada"
  email = "a@b.de"
}

conversation "chat" {
  provider = chat
  with     = contact.ada
  to       = `+tt.to+`
}
sequence "s" {
  conversation = conversation.chat`+"\nmessage \"m\" {\n    "+tt.message+"\n}\nmessage \"n\" {\n text = \"Ho\"\n}\n}\n")
			got := said(Check(c, accounts(c)))
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
			// A plan says the same, once.
			if again := said(makePlan(t, input(c)).diags); len(tt.want) > 0 && (len(again) != len(got) || again[0] != got[0]) {
				t.Errorf("the plan says %q", again)
			}
			if none := Check(c, nil); len(none) > 0 {
				t.Errorf("without accounts: %q", said(none))
			}
		})
	}
}

// What a plan would refuse is found without a ledger, in the people too.
func TestValidate(t *testing.T) {
	const file = "-- people.csv --\nid,name\n"
	for _, tt := range []struct {
		name, text, rows string
		want             []string
	}{
		{name: "good", rows: "c1,Ada\n"},
		{name: "a warning", text: "{{", rows: "c1,Ada\n", want: []string{"main.hcl:17:12 (warning) Liquid"}},
		{name: "an error for everyone", text: strings.Repeat("x", 61), rows: "c1\n", want: []string{"main.hcl:17:12 Text too long"}},
		{name: "rows", rows: "c1\n,Bob\nc3,Eva\nc3,Eva\nc4,\\xE9va\nc5,\"a\"b\nc6,a\x00b\n", want: []string{"people.csv:2:1 Ragged row", "people.csv:3:1 Missing key",
			"people.csv:5:1 Duplicate key", "people.csv:6:4 Invalid UTF-8", "people.csv:7:6 Bad quotes"}},
		{name: "a text for one", rows: "c1," + strings.Repeat("x", 61) + "\n", want: []string{"main.hcl:17:12 Text too long"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.text == "" {
				tt.text = "Hi ${contact.name}"
			}
			c := campaign(t, peopleCampaign(csvSource, "contacts.people", tt.text, file+tt.rows))
			diags, err := Validate(context.Background(), c, accounts(c))
			if err != nil {
				t.Fatal(err)
			}
			got := said(diags)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}
	c := campaign(t, peopleCampaign(csvSource, "contacts.people", "Hi", file+strings.Repeat("c,x\n", 2000)))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Validate(ctx, c, accounts(c)); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
