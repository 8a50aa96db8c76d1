package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A name in parts looks like the one in NFC and is another key, so neither block nor reference may have it.
func TestNamesAreExact(t *testing.T) {
	const composed, parts = "caf\u00e9", "cafe\u0301"
	const summary = "Name not in Unicode form NFC"
	campaign := func(label, ref string) string {
		return "contact \"" + label + "\" {\n  phone = \"+441234\"\n}\naudience \"a\" {\n  include = [contact[\"" + ref + "\"]]\n}\n"
	}
	for _, tt := range []struct {
		text string
		want []string
	}{
		{campaign(composed, composed), nil},
		{campaign(composed, `caf\u00e9`), nil},
		{campaign(`caf\u00e9`, composed), nil},
		{campaign("$${x} %%{y}\\n", "$${x} %%{y}\\n"), nil},
		{campaign(composed, parts), []string{"5:21 " + summary}},
		{campaign(composed, `cafe\u0301`), []string{"5:21 " + summary}},
		{strings.ReplaceAll(campaign(composed, parts), "[\"cafe\u0301\"]", ".cafe\u0301"), []string{"5:14 " + summary}},
		{campaign(parts, composed), []string{"1:9 " + summary, "5:14 Reference to undeclared name"}},
		{campaign(parts, parts), []string{"1:9 " + summary, "5:21 " + summary}},
		{campaign(`cafe\u0301`, composed), []string{"1:9 " + summary, "5:14 Reference to undeclared name"}},
		{"contacts \"p\" {\n  source = \"people.csv\"\n  key = \"id\"\n  where = contact[ \"" + parts + "\" ] == \"x\"\n}\n", []string{"4:18 " + summary}},
	} {
		c, diags := Load(write(t, tt.text), testInputs())
		var got []string
		for _, d := range diags {
			got = append(got, fmt.Sprintf("%d:%d %s", d.Subject.Start.Line, d.Subject.Start.Column, d.Summary))
			if d.Summary == summary && !strings.Contains(d.Detail, `("cafe\u0301") where form NFC has "caf\u00e9"`) {
				t.Errorf("the two spellings are not told apart: %s", d.Detail)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s\ngot  %q\nwant %q\n%s", tt.text, got, tt.want, printed(c, diags))
		}
	}
}
