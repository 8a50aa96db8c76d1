package spec

import (
	"fmt"
	"strings"
	"testing"
)

// What is wrong with a header stands at its place in the file of people, as what is wrong with a row does.
func TestSourceHeader(t *testing.T) {
	const block = "contacts \"p\" {\n  source = \"p.csv\"\n  key    = \"id\"\n}\n"
	for _, tt := range []struct{ file, want, detail string }{
		{"", "p.csv:1:1 Empty file", "nothing in the file"},
		{"\n\nid,name,id\n", "p.csv:3:9 Duplicate column", `Columns 1 and 3 are both named "id"`},
		{"id,,name\n", "p.csv:1:4 Column without a name", "Column 2"},
		{"\xFF\xFEi\x00d\x00\n\x00", "p.csv:1:1 Invalid UTF-8", "UTF-16"},
		{"i\x00d\x00\n\x00c\x001\x00\n\x00", "p.csv:1:1 Invalid UTF-8", "UTF-16"},
		{"id,name\rc1,Ada\r", "p.csv:1:8 Unusable line ends", "LF or CRLF"},
		{"id\tname\nc1\tAda\n", "main.hcl:3:12 Unknown column", `It has: id\tname. The columns seem to be separated by tabs; CSV needs commas.`},
		{"id;name\nc1;Ada\n", "main.hcl:3:12 Unknown column", "It has: id;name. The columns seem to be separated by semicolons; CSV needs commas."},
		{"name\nAda\n", "main.hcl:3:12 Unknown column", "It has: name."},
	} {
		_, diags := Load(write(t, "-- main.hcl --\n"+block+"-- p.csv --\n"+tt.file), testInputs())
		if len(diags) != 1 || diags[0].Subject == nil {
			t.Errorf("%q: %v", tt.file, diags)
			continue
		}
		d := diags[0]
		got := fmt.Sprintf("%s:%d:%d %s", d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column, d.Summary)
		if got != tt.want || !strings.Contains(d.Detail, tt.detail) || strings.Contains(d.Detail, "p.csv:") {
			t.Errorf("%q: %s: %s\nwant %s: %s", tt.file, got, d.Detail, tt.want, tt.detail)
		}
	}
}

func TestExcludeListIsNamed(t *testing.T) {
	_, diags := Load(write(t, `
contacts "people" {
  source = "people.csv"
  key    = "id"
}
contact "a b" {
  fone = "+4911"
}
audience "a" {
  include    = [contacts.people]
  exclude    = [contact["a b"]]
  exclude_by = ["phone"]
}
`), testInputs())
	const want = `Nobody to be excluded, that is in contact["a b"], has the attribute "phone". Did you mean "fone"? They have: fone, key.`
	if len(diags) != 1 || diags[0].Detail != want {
		t.Errorf("%v, want %s", diags, want)
	}
}

func TestDivisionByZero(t *testing.T) {
	for _, e := range []string{"1 / 0", "0 / 0", "5 % 0", "1 / (2 - 2)"} {
		_, diags := Load(write(t, "locals {\n  x = "+e+"\n}\n"), testInputs())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, "division by zero") {
			t.Errorf("%s: %v", e, diags)
		}
	}
}

// Comparing an attribute with a constant of another type is the same for everyone, whichever side has the text.
func TestComparisons(t *testing.T) {
	const types = "types = { vip = bool, age = number }"
	const jsonl = "source = \"p.jsonl\""
	for _, tt := range []struct{ where, types, detail string }{ // an empty detail is no error
		{`contact.vip == "true"`, types, "contact.vip holds a bool, and text never equals a bool, so this is the same for everyone. Compare with true or false, without quotes."},
		{`"36" != contact.age`, types, "contact.age holds a number, and text never equals a number, so this is the same for everyone. Compare with a number, without quotes."},
		{`contact["age"] == true`, types, "contact.age holds a number, and a bool never equals a number, so this is the same for everyone. Compare with a number, without quotes."},
		{`contact.vip == true && contact.age == 36 && contact.age != null`, types, ""},
		{`contact.vip == "true" && contact.age == "36"`, "", ""},
		{`contact.age == 36`, "", "contact.age holds text, and a number never equals text, so this is the same for everyone. Compare with text in double quotes, or give the column a type in its contacts block: types = { age = number }."},
		{`contact.key == 1`, "", "contact.key holds text, and a number never equals text, so this is the same for everyone. Compare with text in double quotes. Keys are always text."},
		{`contact.id != 1`, types, "contact.id holds text, and a number never equals text, so this is the same for everyone. Compare with text in double quotes. Keys are always text."},
		{`contact.age == "36" && contact.id == 1`, jsonl, ""},
	} {
		block := "source = \"p.csv\"\n  "
		if tt.types == jsonl {
			block = ""
		}
		_, diags := Load(write(t, "-- main.hcl --\ncontacts \"p\" {\n  "+block+tt.types+"\n  key = \"id\"\n  where = "+tt.where+"\n}\n-- p.csv --\nid,vip,age\n-- p.jsonl --\n"), testInputs())
		switch {
		case tt.detail == "" && len(diags) > 0, tt.detail != "" && (len(diags) != 1 || diags[0].Detail != tt.detail):
			t.Errorf("%s with %s: %v\nwant %s", tt.where, tt.types, diags, tt.detail)
		}
	}
}
