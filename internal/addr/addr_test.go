package addr

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Target
		err  string
	}{
		{in: "renewal", want: Target{Sequence: "renewal"}},
		{in: "renewal.offer", want: Target{Sequence: "renewal", Message: "offer"}},
		{in: `renewal.offer["c1"]`, want: Target{Sequence: "renewal", Message: "offer", Key: "c1", One: true}},
		{in: `a.b[""]`, want: Target{Sequence: "a", Message: "b", One: true}},
		{in: `a.b["x\"]\n$${y}"]`, want: Target{Sequence: "a", Message: "b", Key: "x\"]\n${y}", One: true}},
		{in: ``, err: "is no name"},
		{in: `a.`, err: "is no name"},
		{in: `a.b.c`, err: "is no name"},
		{in: `a["k"]`, err: "a key follows a message"},
		{in: `a.b[k]`, err: "double quotes"},
		{in: `a.b["k"`, err: `closing "]"`},
		{in: `a.b["k`, err: "closing quote"},
		{in: `a.b["k"]x`, err: `closing "]"`},
		{in: `a.b["${x}"]`, err: "opens a template"},
		{in: `a.b["\q"]`, err: "is no escape"},
		{in: `a.b["\ud800"]`, err: "is no character"},
		{in: "a.b[\"\xff\"]", err: "not valid UTF-8"},
	} {
		got, err := Parse(tt.in)
		switch {
		case tt.err == "" && (err != nil || got != tt.want):
			t.Errorf("Parse(%q) = %+v, %v; want %+v", tt.in, got, err, tt.want)
		case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("Parse(%q) error = %v; want one with %q", tt.in, err, tt.err)
		}
	}
}

func TestCovers(t *testing.T) {
	s := Send{Message{"renewal", "offer"}, "c1"}
	for in, want := range map[string]bool{
		`renewal`: true, `renewal.offer`: true, `renewal.offer["c1"]`: true,
		`renewal.offer["c2"]`: false, `renewal.other`: false, `other`: false,
	} {
		target, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := target.Covers(s); got != want {
			t.Errorf("%s covers %s: %v, want %v", in, s, got, want)
		}
	}
}

// Whatever the key, the printed address parses back, and HCL itself reads the quoted key as the same string.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Send{Message{"seq", "msg"}, rapid.String().Draw(t, "key")}
		got, err := ParseSend(s.String())
		if err != nil || got != s {
			t.Fatalf("%q → %s → %+v, %v", s.Key, s, got, err)
		}
		expr, diags := hclsyntax.ParseExpression([]byte(Quote(s.Key)), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("HCL refuses %s: %v", Quote(s.Key), diags)
		}
		v, diags := expr.Value(nil)
		if diags.HasErrors() || v.AsString() != cty.NormalizeString(s.Key) {
			t.Fatalf("HCL reads %s as %#v", Quote(s.Key), v)
		}
	})
}

func TestOrder(t *testing.T) {
	got := []Send{{Message{"b", "a"}, "1"}, {Message{"a", "b"}, "2"}, {Message{"a", "b"}, "1"}, {Message{"a", "a"}, "9"}}
	slices.SortFunc(got, Send.Compare)
	want := []Send{{Message{"a", "a"}, "9"}, {Message{"a", "b"}, "1"}, {Message{"a", "b"}, "2"}, {Message{"b", "a"}, "1"}}
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a", "a.b", `a.b["c"]`, `a.b["\u0041${"]`, "a.b[\"\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := Parse(s)
		if err != nil {
			return
		}
		if !utf8.ValidString(target.Key) {
			t.Fatalf("%q gave an invalid key %q", s, target.Key)
		}
		again, err := Parse(target.String())
		if err != nil || again != target {
			t.Fatalf("%q → %s → %+v, %v", s, target, again, err)
		}
	})
}
