package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/planner"
)

// bounded checks what holds for every comment: it fits, says how to apply the plan at its end, all that is opened is closed,
// and what is missing is said.
func bounded(t testing.TB, r Review, whole bool) {
	t.Helper()
	text := drawReview(t, r)
	if n := len([]rune(text)); n > maxMarkdown {
		t.Fatalf("%d characters", n)
	}
	// A comment may have 262,144 bytes, the text of a pull request 65,536 characters.
	// https://github.com/dead-claudia/github-limits/pull/13 has both measured.
	if len(text) > 4*maxMarkdown {
		t.Fatalf("%d bytes", len(text))
	}
	if !strings.HasSuffix(text, "\n    "+r.Command+"\n") || !strings.Contains(text, "Digest `"+r.Digest+"`") {
		t.Fatalf("it ends with %.300q", text[max(0, len(text)-300):])
	}
	for _, name := range []string{"details", "summary", "pre", "p", "b", "span"} {
		if open, closed := strings.Count(text, "<"+name+">"), strings.Count(text, "</"+name+">"); open != closed {
			t.Fatalf("%d <%s> and %d </%[2]s>", open, name, closed)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
			t.Fatalf("cut within a row: %.100q", line)
		}
	}
	if cut := strings.Contains(text, "more than fits"); cut == whole {
		t.Fatalf("whole %v, and it says so: %v", whole, cut)
	}
	shape(t, text)
}

// times gives n elements.
func times[T any](n int, one func(i int) T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = one(i)
	}
	return all
}

func TestMarkdownIsBounded(t *testing.T) {
	bounded(t, hostileReview("calm", true), true)
	long := strings.Repeat("<", 100_000)
	for name, change := range map[string]func(*Review){
		"groups": func(r *Review) {
			r.Plan.Groups = times(5000, func(i int) Group { return r.Plan.Groups[i%len(r.Plan.Groups)] })
		},
		"moves": func(r *Review) { r.Plan.Moves = times(5000, func(int) Move { return r.Plan.Moves[0] }) },
		"edits": func(r *Review) { r.Plan.Edits = times(5000, func(int) Edit { return r.Plan.Edits[0] }) },
		"texts": func(r *Review) { r.Texts = times(5000, func(int) TextChange { return r.Texts[0] }) },
		"drawn": func(r *Review) {
			r.Drawn = times(5000, func(i int) Drawn { d := r.Drawn[0]; d.Message = fmt.Sprint("m", i); return d })
		},
		"left out":   func(r *Review) { r.Plan.LeftOut = times(5000, func(int) LeftOut { return r.Plan.LeftOut[0] }) },
		"reach":      func(r *Review) { r.Plan.Reach = times(5000, func(int) Reach { return r.Plan.Reach[0] }) },
		"lanes":      func(r *Review) { r.Plan.Lanes = times(5000, func(int) Lane { return r.Plan.Lanes[0] }) },
		"warnings":   func(r *Review) { r.Warnings = times(5000, func(int) Reason { return r.Warnings[0] }) },
		"forbidden":  func(r *Review) { r.Plan.Forbidden = times(5000, func(int) Reason { return r.Plan.Forbidden[0] }) },
		"a reason":   func(r *Review) { r.Plan.Forbidden[0].Detail = long },
		"a warning":  func(r *Review) { r.Warnings[0].Summary = long },
		"a text":     func(r *Review) { r.Texts[0].Now = long },
		"a group":    func(r *Review) { r.Plan.Groups[0].Reason = long },
		"a left out": func(r *Review) { r.Plan.LeftOut[0].Reason = long },
		"a person":   func(r *Review) { r.Drawn[0].Address = long },
		"an edit":    func(r *Review) { r.Plan.Edits[0].Effect = long },
		"astral":     func(r *Review) { r.Texts[0].Now = strings.Repeat("🎉", 100_000) },
		"everything": func(r *Review) {
			*r = hostileReview(long[:9_000], true)
			r.Command = "herald apply x"
			r.Campaign = "x"
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := hostileReview("calm", true)
			change(&r)
			bounded(t, r, false)
		})
	}
}

func TestMarkdownIsBoundedAnyhow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := func(name string, most int) string {
			return strings.Repeat(rapid.SampledFrom(tricks[:90]).Draw(rt, name), rapid.IntRange(1, most).Draw(rt, name+" times"))
		}
		many := func(name string) int { return rapid.SampledFrom([]int{0, 1, 3, 100, 300}).Draw(rt, name) }
		group := Group{Sign: "+", Action: string(planner.Send), Message: text("message", 3), Count: 2, Account: text("account", 2), Reason: text("reason", 50)}
		reason := Reason{Summary: text("summary", 3), Detail: text("detail", 100)}
		r := Review{
			Campaign: text("campaign", 5), Digest: strings.Repeat("ab", 32), Command: "herald apply x", Created: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
			Plan: Plan{
				Groups: times(many("groups"), func(int) Group { return group }), Forbidden: times(many("forbidden"), func(int) Reason { return reason }),
				LeftOut: times(many("left out"), func(int) LeftOut { return LeftOut{Reason: text("left", 2), Count: 1} }),
			},
			Texts: times(many("texts")/10, func(int) TextChange { return TextChange{Message: "s.m", Now: group.Reason} }),
			Drawn: times(many("drawn"), func(i int) Drawn { return Drawn{Message: fmt.Sprint(i), Text: group.Reason} }),
		}
		got := drawReview(t, r)
		if n := len([]rune(got)); n > maxMarkdown {
			rt.Fatalf("%d characters", n)
		}
		if !strings.HasSuffix(got, "\n    herald apply x\n") {
			rt.Fatal("it does not end with the command")
		}
		shape(t, got)
	})
}
