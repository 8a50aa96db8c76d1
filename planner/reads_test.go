package planner

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"herald/providers"
)

func TestReads(t *testing.T) {
	for _, tt := range []struct {
		content providers.Content
		want    string
	}{
		{providers.Content{Kind: providers.KindText, Text: "Hi\nAda"}, "Hi\nAda"},
		{providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "image", URL: "u"}}, "image u"},
		{providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "Renew?", Replies: []string{"Yes", "No"}}}, "Renew? [Yes] [No]"},
		{fullList(), "A – B [D] [F] | H – I [K]"},
		{providers.Content{Kind: providers.KindList, List: providers.List{Items: []providers.Item{{Title: "A"}, {Subtitle: "B"}}}}, "A | B"},
		{fullCards(), "T: A – B [D] [F] | H – I [K]"},
		{providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Cards: []providers.Card{{Title: "A", ImageURL: "u"}}}}, "A"},
		{fullForm(), "T: B [C] [D] | F [G]"},
		{providers.Content{Kind: providers.KindForm, Form: providers.Form{Fields: []providers.Field{{Label: "A"}}}}, "A"},
		{fullArticles(), "T: A | D"},
		{providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{"b": "<\u00fc", "a": [1.50]}`)}, `{"a":[1.50],"b":"<ü"}`},
		{providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{"a":"\u003cü\n"}`)}, `{"a":"<ü\n"}`},
		{providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{`)}, "{"},
	} {
		if got := reads(&tt.content); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.content.Kind, got, tt.want)
		}
		if compact := string(tt.content.Native) == "" || strings.HasPrefix(string(tt.content.Native), `{"a`); !compact {
			continue
		}
		if n := readLength(&tt.content); n != utf8.RuneCountInString(tt.want) {
			t.Errorf("%s: %q has %d characters, it says %d", tt.content.Kind, tt.want, utf8.RuneCountInString(tt.want), n)
		}
		if own := copied(&tt.content); own == &tt.content || reads(own) != tt.want {
			t.Errorf("%s: copied as %+v", tt.content.Kind, own)
		}
	}
}

// A native value is measured as it is shown, whatever it holds.
func TestLengthOfNative(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, v cty.Value) {
		var c providers.Content
		c.Kind = providers.KindNative
		if diags := (&slot{into: &c.Native}).set(v); diags.HasErrors() {
			t.Fatalf("%v", diags)
		}
		if text := reads(&c); readLength(&c) != utf8.RuneCountInString(text) {
			t.Fatalf("%s, shown as %s, has %d characters; it says %d", c.Native, text, utf8.RuneCountInString(text), readLength(&c))
		}
	}
	for _, text := range []string{"", "Ada", "<b>&</b>", `\u003c`, `\\u003c`, "\"\n\t\u2028\x01", "שרה", "👋"} {
		check(t, cty.StringVal(text))
		check(t, cty.ObjectVal(map[string]cty.Value{"b": cty.StringVal(text), text + "<": cty.NumberFloatVal(1.5), "a": cty.NullVal(cty.String), "l": cty.TupleVal([]cty.Value{cty.True})}))
	}
	rapid.Check(t, func(rt *rapid.T) { check(rt, cty.StringVal(rapid.String().Draw(rt, "text"))) })
}
