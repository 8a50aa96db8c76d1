package planner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/spec"
	"herald/state"
)

// rewrite replaces a file of the campaign's directory.
func rewrite(t *testing.T, c *spec.Campaign, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.Root, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// kept makes a plan as it is kept, reads the exclude lists again after edit, and gives whom it still writes to.
func kept(t *testing.T, in Input, edit func(*spec.Campaign)) (before, still []string, n int) {
	t.Helper()
	files := NewStepFiles()
	defer files.Close()
	p, diags, err := Make(context.Background(), in, func(s *Step) error {
		if s.Action.Sends() {
			before = append(before, s.Send.Key)
		}
		return files.Add(s)
	})
	if err != nil || p == nil {
		t.Fatalf("no plan: %v, %q", err, said(diags))
	}
	edit(in.Campaign)
	s, diags, err := Suppress(context.Background(), in.Campaign, p)
	if err != nil || s == nil {
		t.Fatalf("no suppression: %v, %q", err, said(diags))
	}
	all, err := files.Lane("chat")
	if err != nil {
		t.Fatal(err)
	}
	steps := s.Steps(all)
	for {
		step, ref, err := steps.Next()
		if errors.Is(err, io.EOF) {
			return before, still, s.Left()
		}
		if err != nil {
			t.Fatal(err)
		}
		if at, err := steps.At(ref); err != nil || at.Send != step.Send {
			t.Fatalf("at %d: %v, %v", ref, at.Send, err)
		}
		still = append(still, step.Send.Key)
	}
}

func TestSuppressedSincePlan(t *testing.T) {
	const people = "id,email\nc1,a@b.de\nc2,c@d.de\nc3,\n"
	const out = "id,email,until\n"
	for _, tt := range []struct {
		name, with, by, joined string
		want                   []string
	}{
		{"nobody", "audience.all", `"key"`, "", []string{"c1", "c2", "c3"}},
		{"by key", "audience.all", `"key"`, "c2,,1\n", []string{"c1", "c3"}},
		{"by key, in a list of lists", "[contacts.people, audience.wide]", `"key"`, "c2,,1\n", []string{"c1", "c3"}},
		{"by e-mail, written otherwise", "audience.all", `"email"`, "x, A@B.de,1\n", []string{"c2", "c3"}},
		{"a key where e-mail counts", "audience.all", `"email"`, "c1,,1\n", []string{"c1", "c2", "c3"}},
		{"everybody", "audience.all", `"key", "email"`, "c1,,1\nx,c@d.de,1\nc3,,1\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(campaign(t, optOut(tt.with, tt.by, people, out)))
			before, still, n := kept(t, in, func(c *spec.Campaign) { rewrite(t, c, "out.csv", out+tt.joined) })
			equal(t, "before", before, []string{"c1", "c2", "c3"})
			equal(t, "still", still, tt.want)
			if n != len(before)-len(still) {
				t.Errorf("counted %+v", n)
			}
		})
	}
}

// People are not added, whoever leaves a list, and the people themselves are not read again.
func TestSuppressReadsExcludeListsOnly(t *testing.T) {
	in := input(campaign(t, optOut("audience.all", `"key", "email"`, "id,email\nc1,a@b.de\nc2,c@d.de\n", "id,email,until\nc1,,1\n")))
	before, still, _ := kept(t, in, func(c *spec.Campaign) {
		rewrite(t, c, "out.csv", "id,email,until\n")
		if err := os.Remove(filepath.Join(c.Root, "people.csv")); err != nil {
			t.Fatal(err)
		}
	})
	equal(t, "before", before, []string{"c2"})
	equal(t, "still", still, []string{"c2"})
}

// A list that cannot be read might name anybody.
func TestSuppressRefusesWhatItCannotRead(t *testing.T) {
	for name, edit := range map[string]func(*testing.T, *spec.Campaign, *Plan){
		"Invalid e-mail address": func(t *testing.T, c *spec.Campaign, _ *Plan) {
			rewrite(t, c, "out.csv", "id,email,until\nc9,nobody,1\n")
		},
		"Ragged row": func(t *testing.T, c *spec.Campaign, _ *Plan) { rewrite(t, c, "out.csv", "id,email,until\nc9\n") },
		"Unreadable file": func(t *testing.T, c *spec.Campaign, _ *Plan) {
			if err := os.Remove(filepath.Join(c.Root, "out.csv")); err != nil {
				t.Fatal(err)
			}
		},
		"Unknown sequence": func(_ *testing.T, c *spec.Campaign, _ *Plan) { c.Sequences = nil },
	} {
		c := campaign(t, optOut("audience.all", `"email"`, "id,email\nc1,a@b.de\n", "id,email,until\n"))
		m := good(t, input(c))
		edit(t, c, m.Plan)
		s, diags, err := Suppress(context.Background(), c, m.Plan)
		if got := said(diags); s != nil || err != nil || len(got) != 1 || !strings.Contains(got[0], name) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	c := campaign(t, optOut("audience.all", `"email"`, "id,email\nc1,a@b.de\n", "id,email,until\n"))
	m := good(t, input(c))
	var rows strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&rows, "q%d,q@q.de,1\n", i)
	}
	rewrite(t, c, "out.csv", "id,email,until\n"+rows.String())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if s, _, err := Suppress(ctx, c, m.Plan); s != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Nothing beside the key is carried where lists go by keys, and hashes that cannot be compared keep a person out.
func TestWhatStepsCarry(t *testing.T) {
	for by, want := range map[string]int{`"key"`: 0, `"key", "email"`: 1} {
		m := good(t, input(campaign(t, optOut("audience.all", by, "id,email\nc1,a@b.de\nc2,\n", "id,email,until\n"))))
		if len(m.steps[0].Person.Emails) != want || len(m.steps[0].Person.Phones) != 0 || !m.steps[1].Person.IsZero() {
			t.Errorf("by %s: %+v", by, m.steps)
		}
	}
	c := campaign(t, optOut("audience.all", `"email"`, "id,email\nc1,a@b.de\n", "id,email,until\n"))
	m := good(t, input(c))
	s, _, err := Suppress(context.Background(), c, m.Plan)
	if err != nil || s.Excludes(&m.steps[0]) {
		t.Fatalf("excluded: %v", err)
	}
	m.steps[0].Person.Emails[0].Version++
	if !s.Excludes(&m.steps[0]) {
		t.Error("a hash of another version")
	}
	other := Step{Send: sendOf("other", "m", "c1"), Person: PersonHashes{Emails: []state.Hash{{Version: HashVersion}}}}
	if s.Excludes(&other) {
		t.Error("a sequence without exclude lists")
	}
}

// Whoever would have been left out of the plan is left out when the lists are read again, also by an address that another
// source knows the person by; and nobody else is.
func TestSuppressAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := anyCrowds(rt)
		later := c
		later.exclude = nil
		for _, k := range rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 0, 4, rapid.ID[int]).Draw(rt, "excluded later") {
			later.exclude = append(later.exclude, somebodyOf(rt, fmt.Sprint("c", k)))
		}
		_, file, _ := strings.Cut(later.text(), "-- out.csv --\n")
		before, still, n := kept(t, input(campaign(t, c.text())), func(c *spec.Campaign) { rewrite(t, c, "out.csv", file) })
		later.unique = false // whom unique_by left out then is not written to now
		now := later.members()
		want := slices.DeleteFunc(slices.Clone(before), func(key string) bool { return !slices.Contains(now, key) })
		if !slices.Equal(still, want) || n != len(before)-len(want) {
			rt.Fatalf("still %q, want %q of %q\n%s\nlater:\n%s", still, want, before, c.text(), file)
		}
	})
}
