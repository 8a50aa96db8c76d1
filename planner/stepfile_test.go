package planner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

func anyStep(t *rapid.T) Step {
	hash := func(name string) state.Hash {
		return state.Hash{Version: rapid.Uint8().Draw(t, name), Sum: [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, name))}
	}
	optional := func(name string) state.Hash {
		if h := hash(name); h.Version > 0 {
			return h
		}
		return state.Hash{}
	}
	text := rapid.String()
	body, err := json.Marshal(map[string]string{text.Draw(t, "field"): text.Draw(t, "value")})
	if err != nil {
		t.Fatal(err)
	}
	s := Step{
		Send:   addr.Send{Message: addr.Message{Sequence: text.Draw(t, "sequence"), Name: text.Draw(t, "message")}, Key: text.Draw(t, "key")},
		Action: rapid.SampledFrom([]Action{Send, Resend}).Draw(t, "action"), Reason: text.Draw(t, "reason"),
		Account: rapid.SampledFrom([]string{"a", "b.c"}).Draw(t, "account"), Content: optional("content"), Destination: optional("destination"),
		Unique: optional("unique"), Definition: optional("definition"), Leads: rapid.Bool().Draw(t, "leads"), FromDoubt: rapid.Bool().Draw(t, "from doubt"),
		Request: providers.Request{Method: "POST", Path: text.Draw(t, "path"), Body: body},
	}
	if rapid.Bool().Draw(t, "needs") {
		s.Needs = Need{Message: "m" + text.Draw(t, "need"), Account: "a"}
	}
	timesAndPlaces(t, &s)
	for range rapid.IntRange(0, 2).Draw(t, "emails") {
		s.Person.Emails = append(s.Person.Emails, optional("email"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "phones") {
		s.Person.Phones = append(s.Person.Phones, optional("phone"))
	}
	return s
}

// A step's line is JSON, is what the type says, reads back the same, and leaves the body as it was.
func TestStepLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyStep(t)
		line := appendLine(nil, &s)
		if !json.Valid(line) || bytes.ContainsAny(line, "\n\r") {
			t.Fatalf("no line of JSON: %s", line)
		}
		got, err := parseLine(line)
		if err != nil || !reflect.DeepEqual(got, s) {
			t.Fatalf("%+v → %s → %+v, %v", s, line, got, err)
		}
		var byType stepLine
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&byType); err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(byType); err != nil {
			t.Fatal(err)
		}
		if got := string(line) + "\n"; got != want.String() {
			t.Fatalf("written by hand\n%sby its type\n%s", got, want.String())
		}
	})
}

// Saved plans hold such lines.
func TestStepLineStays(t *testing.T) {
	s := Step{Send: addr.Send{Message: addr.Message{Sequence: "renewal", Name: "offer"}, Key: "c\"1"}, Action: Resend, Reason: "content changed",
		Account: "heyx", Content: state.Hash{Version: 1, Sum: [16]byte{1}}, Destination: state.Hash{Version: 1, Sum: [16]byte{2}},
		Unique: state.Hash{Version: 1, Sum: [16]byte{3}}, Definition: state.Hash{Version: 1, Sum: [16]byte{4}},
		Needs: Need{Message: "hello", Account: "chatwoot.eu"}, Leads: true,
		Request: providers.Request{Method: "POST", Path: "/a", Body: json.RawMessage("{\n \"text\": \"<b>\"}")}}
	const want = `{"sequence":"renewal","message":"offer","key":"c\"1","action":"resend","reason":"content changed","account":"heyx",` +
		`"content":"1:01000000000000000000000000000000","destination":"1:02000000000000000000000000000000","unique":"1:03000000000000000000000000000000",` +
		`"definition":"1:04000000000000000000000000000000","needs":{"message":"hello","account":"chatwoot.eu"},"leads":true,` +
		`"request":{"method":"POST","path":"/a","body":{"text":"<b>"}}}`
	if got := string(appendLine(nil, &s)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	s.FromDoubt = true
	if got, want := string(appendLine(nil, &s)), strings.Replace(want, `"leads":true,`, `"leads":true,"from_doubt":true,`, 1); got != want {
		t.Errorf("out of doubt: %s\nwant\n%s", got, want)
	}
}

// What goes in comes out, lane by lane, in order, also by reference and while others read.
func TestStepFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(anyStep), 0, 30).Draw(rt, "steps")
		files := NewStepFiles()
		defer files.Close()
		byLane := map[string][]Step{}
		for i := range steps {
			if err := files.Add(&steps[i]); err != nil {
				rt.Fatal(err)
			}
			byLane[steps[i].Account] = append(byLane[steps[i].Account], steps[i])
		}
		left, err := os.ReadDir(os.Getenv("TMPDIR"))
		if err != nil || len(left) > 0 {
			rt.Fatalf("files with names: %v, %v", left, err)
		}
		if lanes := files.Lanes(); len(lanes) != len(byLane) || !slices.IsSorted(lanes) {
			rt.Fatalf("lanes %q", lanes)
		}
		again := NewStepFiles()
		defer again.Close()
		for _, name := range []string{"a", "b.c", "none"} {
			var saved bytes.Buffer
			if err := files.WriteTo(name, &saved); err != nil {
				rt.Fatal(err)
			}
			if err := again.Load(name, &saved, nil); err != nil {
				rt.Fatal(err)
			}
			for _, f := range []*StepFiles{files, again} {
				if err := compare(f, name, byLane[name]); err != nil {
					rt.Fatal(err)
				}
			}
		}
	})
}

func compare(f *StepFiles, lane string, want []Step) error {
	steps, err := f.Lane(lane)
	if err != nil {
		return err
	}
	var refs []int64
	for i, w := range want {
		s, ref, err := steps.Next()
		if err != nil || !reflect.DeepEqual(s, w) {
			return fmt.Errorf("lane %s, step %d: %+v, %v", lane, i, s, err)
		}
		refs = append(refs, ref)
	}
	if _, _, err := steps.Next(); err != io.EOF {
		return fmt.Errorf("after the last step: %v", err)
	}
	var all sync.WaitGroup
	wrong := make([]error, len(refs))
	for i, ref := range refs {
		all.Go(func() {
			if s, err := steps.At(ref); err != nil || !reflect.DeepEqual(s, want[i]) {
				wrong[i] = fmt.Errorf("lane %s, step at %d: %+v, %v", lane, ref, s, err)
			}
		})
	}
	all.Wait()
	return errors.Join(wrong...)
}

func TestLongStep(t *testing.T) {
	files := NewStepFiles()
	defer files.Close()
	want := Step{Account: "a", Action: Send, Request: providers.Request{Body: json.RawMessage(`"` + strings.Repeat("x", 200_000) + `"`)}}
	for range 3 {
		if err := files.Add(&want); err != nil {
			t.Fatal(err)
		}
	}
	if err := compare(files, "a", []Step{want, want, want}); err != nil {
		t.Error(err)
	}
	want.Request.Body = json.RawMessage(`"` + strings.Repeat("x", maxLine) + `"`)
	if err := files.Add(&want); err == nil {
		t.Error("a step of any length is taken")
	}
}

func TestStepsThatSendNothing(t *testing.T) {
	files := NewStepFiles()
	defer files.Close()
	if err := files.Add(&Step{Account: "a", Action: Blocked}); err != nil || len(files.Lanes()) != 0 {
		t.Errorf("%v, lanes %q", err, files.Lanes())
	}
}

func TestDamagedSteps(t *testing.T) {
	files := NewStepFiles()
	defer files.Close()
	if err := files.Load("a", strings.NewReader("{}\nno json\n{\"sequence\":\"s"), nil); err != nil {
		t.Fatal(err)
	}
	steps, err := files.Lane("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := steps.Next(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if _, _, err := steps.Next(); err == nil || err == io.EOF {
			t.Errorf("damage: %v", err)
		}
	}
	for _, ref := range []int64{-1, 3, 11, 99} {
		if _, err := steps.At(ref); err == nil {
			t.Errorf("at %d: no error", ref)
		}
	}
}
