package planner

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

func drawStep(t *rapid.T) Step {
	text := func(label string) string {
		return rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9/_.-]{0,12}`), rapid.String()).Draw(t, label)
	}
	hash := func(label string) (h state.Hash) {
		if rapid.Bool().Draw(t, label+" given") {
			h.Version = uint8(rapid.IntRange(1, 255).Draw(t, label))
			copy(h.Sum[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label+" sum"))
		}
		return h
	}
	s := Step{
		Send:    addr.Send{Message: addr.Message{Sequence: text("sequence"), Name: text("name")}, Key: text("key")},
		Action:  rapid.SampledFrom([]Action{Send, Resend, Assume}).Draw(t, "action"),
		Reason:  text("reason"),
		Account: text("account"),
		Content: hash("content"), Destination: hash("destination"), Unique: hash("unique"), Definition: hash("definition"),
		Leads: rapid.Bool().Draw(t, "leads"), FromDoubt: rapid.Bool().Draw(t, "from doubt"),
		Request: providers.Request{Method: "POST", Path: text("path")},
	}
	if rapid.Bool().Draw(t, "needs") {
		s.Needs = Need{Message: text("needed message"), Account: text("needed account")}
	}
	if rapid.Bool().Draw(t, "body given") {
		body, err := json.Marshal(map[string]string{"text": rapid.String().Draw(t, "body")})
		if err != nil {
			t.Fatal(err)
		}
		s.Request.Body = body
	}
	timesAndPlaces(t, &s)
	for range rapid.IntRange(0, 2).Draw(t, "emails") {
		s.Person.Emails = append(s.Person.Emails, hash("email"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "phones") {
		s.Person.Phones = append(s.Person.Phones, hash("phone"))
	}
	return s
}

// timesAndPlaces draws what few steps have.
func timesAndPlaces(t *rapid.T, s *Step) {
	if rapid.Bool().Draw(t, "not after") {
		s.NotAfter = noon.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "nanoseconds")))
	}
	if rapid.Bool().Draw(t, "condition") {
		s.Condition = state.Hash{Version: 1, Sum: [16]byte{rapid.Byte().Draw(t, "condition sum")}}
	}
	s.Request.Place = rapid.OneOf(rapid.Just(""), rapid.String()).Draw(t, "place")
	s.Request.Awaited = rapid.Bool().Draw(t, "awaited")
	if rapid.Bool().Draw(t, "opening") {
		body, err := json.Marshal(map[string]any{"a": rapid.String().Draw(t, "opening value"), "b": map[string]int{}})
		if err != nil {
			t.Fatal(err)
		}
		s.Request.Opening = &providers.Opening{Name: rapid.String().Draw(t, "opening name"), Body: body}
	}
}

// The scanner and the decoder read the same from every line that either takes.
func TestScannedLinesAreAsDecoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStep(t)
		line := appendLine(nil, &s)
		scanned, ok := scanLine(line)
		if !ok {
			return
		}
		if diff := cmp.Diff(decode(t, line), scanned, cmpopts.IgnoreUnexported(Step{})); diff != "" {
			t.Fatalf("%s\n%s", line, diff)
		}
	})
}

// A plain line, as nearly all are, needs no decoder.
func TestPlainLinesAreScanned(t *testing.T) {
	s := Step{
		Send: addr.Send{Message: addr.Message{Sequence: "renewal", Name: "offer"}, Key: "c0001"}, Action: Resend, Reason: "content changed",
		Account: "heyx.second", Content: state.Hash{Version: 1, Sum: [16]byte{1}}, Destination: state.Hash{Version: 1}, Unique: state.Hash{Version: 2},
		Definition: state.Hash{Version: 1},
		Person:     PersonHashes{Emails: []state.Hash{{Version: 1, Sum: [16]byte{2}}, {Version: 1}}, Phones: []state.Hash{{Version: 1, Sum: [16]byte{3}}}}, Needs: Need{Message: "first", Account: "heyx"}, Leads: true, FromDoubt: true,
		NotAfter: noon.Add(time.Millisecond), Condition: state.Hash{Version: 1, Sum: [16]byte{2}},
		Request: providers.Request{Method: "POST", Path: "/api/v1/x", Body: json.RawMessage(`{"a":"}}"}`), Place: "7", Awaited: true,
			Opening: &providers.Opening{Name: "inbox 3", Body: json.RawMessage(`{"a":"}\"{","b":{"c":"\\"}}`)}},
	}
	got, ok := scanLine(appendLine(nil, &s))
	if !ok {
		t.Fatal("not scanned")
	}
	if diff := cmp.Diff(s, got, cmpopts.IgnoreUnexported(Step{})); diff != "" {
		t.Error(diff)
	}
}

func decode(t *rapid.T, line []byte) Step {
	var l stepLine
	if err := json.Unmarshal(line, &l); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return l.step()
}

func FuzzScanLine(f *testing.F) {
	s := Step{Send: addr.Send{Key: "k"}, Action: Send, Request: providers.Request{Body: json.RawMessage(`{}`)}}
	f.Add(appendLine(nil, &s))
	s.Leads, s.FromDoubt, s.NotAfter = true, true, noon
	s.Request.Opening = &providers.Opening{Name: "a", Body: json.RawMessage(`{}`)}
	f.Add(appendLine(nil, &s))
	f.Fuzz(func(t *testing.T, line []byte) {
		scanLine(line) // must not panic
		parseLine(line)
	})
}
