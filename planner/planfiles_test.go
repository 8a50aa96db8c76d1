package planner

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/state"
)

func anySettled(t *rapid.T) Settled {
	s := anyStep(t)
	one := Settled{Send: s.Send, Action: rapid.SampledFrom([]Action{Skip, Assume}).Draw(t, "settled")}
	if one.Action == Skip {
		one.Account, one.Condition, one.Definition = s.Account, s.Content, s.Definition
	}
	return one
}

func anyRest(t *rapid.T) Rest {
	text := rapid.String()
	return Rest{Send: anyStep(t).Send, Message: text.Draw(t, "on"), Fate: text.Draw(t, "fate")}
}

// What a plan settles and rests on is JSON, is what the types say, and reads back the same: from the plan that is made and from
// the file that is opened.
func TestPlanFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rapid.Check(t, func(rt *rapid.T) {
		settled := rapid.SliceOfN(rapid.Custom(anySettled), 0, 9).Draw(rt, "all settled")
		rests := rapid.SliceOfN(rapid.Custom(anyRest), 0, 9).Draw(rt, "all rests")
		files, again := NewPlanFiles(), NewPlanFiles()
		defer files.Close()
		defer again.Close()
		for _, s := range settled {
			if err := files.Add(&Step{Send: s.Send, Action: s.Action, Account: s.Account, Condition: s.Condition, Definition: s.Definition}); err != nil {
				rt.Fatal(err)
			}
		}
		for _, r := range rests {
			files.Rest(r)
		}
		var settledText, restText bytes.Buffer
		if err := errors.Join(files.WriteSettled(&settledText), files.WriteRests(&restText)); err != nil {
			rt.Fatal(err)
		}
		byType(rt, settledText.String(), func() any { return new(settledLine) })
		byType(rt, restText.String(), func() any { return new(restLine) })
		var loaded, found []Settled
		var loadedRests, foundRests []Rest
		take := func(all *[]Settled) func(*Settled) error {
			return func(s *Settled) error { *all = append(*all, *s); return nil }
		}
		takeRest := func(all *[]Rest) func(*Rest) error {
			return func(r *Rest) error { *all = append(*all, *r); return nil }
		}
		if err := errors.Join(again.LoadSettled(&settledText, take(&loaded)), again.LoadRests(&restText, takeRest(&loadedRests)),
			again.EachSettled(take(&found)), again.EachRest(takeRest(&foundRests))); err != nil {
			rt.Fatal(err)
		}
		for _, got := range [][]Settled{loaded, found} {
			if len(got)+len(settled) > 0 && !reflect.DeepEqual(got, settled) {
				rt.Errorf("%+v → %+v", settled, got)
			}
		}
		for _, got := range [][]Rest{loadedRests, foundRests} {
			if len(got)+len(rests) > 0 && !reflect.DeepEqual(got, rests) {
				rt.Errorf("%+v → %+v", rests, got)
			}
		}
		if files.Rests() != len(rests) || again.Rests() != len(rests) {
			rt.Errorf("%d and %d rests, want %d", files.Rests(), again.Rests(), len(rests))
		}
	})
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

// byType compares lines that were written by hand with those that their type gives.
func byType(t *rapid.T, lines string, v func() any) {
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	for line := range strings.Lines(lines) {
		one := v()
		if err := strictly([]byte(line), one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if err := enc.Encode(one); err != nil {
			t.Fatal(err)
		}
	}
	if lines != want.String() {
		t.Fatalf("written by hand\n%sby its type\n%s", lines, want.String())
	}
}

// A line of strangers is read as JSON, and as nothing else.
func TestForgedPlanLines(t *testing.T) {
	const good = `{"sequence":"a","message":"b","key":"c","on":"x","fate":""}`
	for _, line := range []string{good + "\n", strings.ReplaceAll(good, ",", " , ") + "\n", strings.Replace(good, `"c"`, `"\u0063"`, 1) + "\n"} {
		if r, err := parseRest([]byte(line)); err != nil || r.Send.Key != "c" || r.Message != "x" {
			t.Errorf("%s: %+v, %v", line, r, err)
		}
	}
	for _, line := range []string{"", "\n", "{}{}", good + "}", good + good, good[:len(good)-1], strings.Replace(good, "{", `{"also":1,`, 1),
		strings.Replace(good, `"b"`, `1`, 1), "[" + good + "]", strings.Repeat("[", 20_000)} {
		if r, err := parseRest([]byte(line)); err == nil {
			t.Errorf("%s is %+v", line, r)
		}
		if s, err := parseSettled([]byte(line)); err == nil {
			t.Errorf("%s is %+v", line, s)
		}
	}
	files := NewPlanFiles()
	defer files.Close()
	err := files.LoadRests(strings.NewReader(`{"`+strings.Repeat("é", 5000)+`":1}`+"\n"), func(*Rest) error { return nil })
	if err == nil || len(err.Error()) > 500 {
		t.Errorf("%.1000v", err)
	}
}

// A step moved when more became of what it rests on than had by then, by the ledger or by what was just read.
func TestMovedAndNamed(t *testing.T) {
	files := NewPlanFiles()
	defer files.Close()
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	send := func(message, key string) addr.Send {
		return addr.Send{Message: addr.Message{Sequence: "renewal", Name: message}, Key: key}
	}
	read := state.Receipt{Read: at}
	files.Rest(Rest{Send: send("reminder", "same"), Message: "offer", Fate: FateOf(read)})
	files.Rest(Rest{Send: send("reminder", "more"), Message: "offer", Fate: FateOf(state.Receipt{})})
	files.Rest(Rest{Send: send("reminder", "none"), Message: "offer", Fate: FateOf(state.Receipt{})})
	moved, err := files.Moved((&Plan{}).Names(&state.View{}), map[addr.Send]state.Receipt{send("offer", "same"): read, send("offer", "more"): read})
	if err != nil || !reflect.DeepEqual(moved, map[addr.Send]bool{send("reminder", "more"): true}) {
		t.Errorf("%v, %v", moved, err)
	}
	is, any, err := files.Named()
	if err != nil || !any || !is(send("offer", "more")) || is(send("reminder", "more")) || is(send("offer", "other")) {
		t.Errorf("%v, %v", any, err)
	}
	none := NewPlanFiles()
	defer none.Close()
	if _, any, err := none.Named(); any || err != nil {
		t.Errorf("%v, %v", any, err)
	}
}
