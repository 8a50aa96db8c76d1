package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestMember(t *testing.T) {
	for _, tt := range []struct{ object, name, want string }{
		{`{"a":1}`, "a", "1"}, {` {"b":[1,{"a":2}], "a" : "x" } `, "a", ` "x" `}, {`{"a":1,"a":{"a":2}}`, "a", `{"a":2}`},
		{`{"b":"\"a\":1,","a":"\\"}`, "a", `"\\"`}, {`{"b":{"a":1}}`, "a", ""}, {`{}`, "a", ""}, {`{"b":"a","c":"a:"}`, "a", ""}, {`{"a":null}`, "a", "null"},
	} {
		if start, end := Member([]byte(tt.object), tt.name); tt.object[start:end] != tt.want {
			t.Errorf("%s of %s is %q, want %q", tt.name, tt.object, tt.object[start:end], tt.want)
		}
	}
}

// What Member finds is what a decoder finds.
func FuzzMember(f *testing.F) {
	f.Add(`{"a":1,"b":{"a":[]},"a":"}"}`, "a")
	f.Add(`{"\\":"\"","b":[{"b":1}],"b":" "}`, "b")
	f.Fuzz(func(t *testing.T, object, name string) {
		members, ok := Object([]byte(object))
		if !ok || strings.Contains(object, `\u`) || strings.ContainsAny(name, `"\/`) || !json.Valid([]byte(`"`+name+`"`)) {
			return
		}
		want, there := members[name]
		start, end := Member([]byte(object), name)
		if got := strings.TrimSpace(object[start:end]); there != (end > 0) || there && got != string(want) {
			t.Fatalf("%q of %q is %q, want %q", name, object, got, want)
		}
	})
}

func TestDigits(t *testing.T) {
	for raw, want := range map[string]string{
		`7`: "7", `"81"`: "81", `9007199254740993`: "9007199254740993", `0`: "0",
		``: "", `""`: "", `-1`: "", `1.5`: "", `"x1"`: "", `[1]`: "", `null`: "", `true`: "", strings.Repeat("1", 21): "",
	} {
		if got, ok := Digits(json.RawMessage(raw)); got != want || ok != (want != "") {
			t.Errorf("%s is %q %v", raw, got, ok)
		}
	}
}

func TestComplaint(t *testing.T) {
	members, _ := Object([]byte(`{"error":" \n","message":{},"detail":" Bad. ","other":"Worse"}`))
	if got := Complaint(members, "error", "message", "detail", "other"); got != "Bad." {
		t.Errorf("%q", got)
	}
	if got := Complaint(nil, "error") + Complaint(members, "error", "none"); got != "" {
		t.Errorf("%q", got)
	}
}
