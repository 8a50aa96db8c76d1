package preview_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/internal/preview"
	"herald/internal/report"
	"herald/providers"
)

// TestPageIsAsExpected compares all but what the page wears and runs, line by line. UPDATE_GOLDEN=1
// writes it anew.
func TestPageIsAsExpected(t *testing.T) {
	got := page(t, renewal())
	for _, name := range []string{"style", "script"} {
		got = regexp.MustCompile(`(?s)<`+name+`>.*?</`+name+`>`).ReplaceAllString(got, "<"+name+"></"+name+">")
	}
	got = regexp.MustCompile(`sha256-[A-Za-z0-9+/=]+`).ReplaceAllString(got, "sha256-HASH")
	const golden = "testdata/page.html"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the page changed; UPDATE_GOLDEN=1 writes it anew:\n%s", diff)
	}
}

// TestPolicyNamesWhatThePageHolds hashes the bytes that a browser sees.
func TestPolicyNamesWhatThePageHolds(t *testing.T) {
	text := page(t, renewal())
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil {
		t.Fatal("no policy")
	}
	if !strings.HasPrefix(policy[1], "default-src 'none'; ") || strings.Contains(policy[1], "unsafe") {
		t.Errorf("policy %s", policy[1])
	}
	for _, name := range []string{"style", "script"} {
		held := regexp.MustCompile(`(?s)<`+name+`>(.*?)</`+name+`>`).FindAllStringSubmatch(text, -1)
		if len(held) != 1 {
			t.Fatalf("%d of %s", len(held), name)
		}
		sum := sha256.Sum256([]byte(held[0][1]))
		if want := name + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy[1], want) {
			t.Errorf("the policy %s has not %s", policy[1], want)
		}
	}
}

func TestPeopleHaveNumbers(t *testing.T) {
	r := filled("x")
	r.Drawn[0].Address = `renewal.offer["secret-key"]`
	r.Plan.Groups[0].Samples[0].Address = `renewal.offer["secret-key"]`
	r.Plan.LeftOut[0].Samples = []string{"secret-key"}
	r.Plan.Groups[0].Samples[0].Reason = "secret-key is unknown"
	if text := page(t, r); strings.Count(text, "secret-key") < 4 {
		t.Error("people who may be shown are not")
	}
	r.Contacts = false
	text := page(t, r)
	if strings.Contains(text, "secret-key") {
		t.Error("the page shows a person's key")
	}
	if !strings.Contains(text, "person 1") {
		t.Error("people have no numbers")
	}
}

func TestPageIsBounded(t *testing.T) {
	r := crowd()
	for range 3 {
		r.Drawn = append(r.Drawn, report.Drawn{Message: "a.b", Content: providers.Content{Kind: providers.KindText, Text: strings.Repeat("long ", 20_000)}})
	}
	begin := time.Now()
	text := page(t, r)
	t.Logf("%d bytes in %s", len(text), time.Since(begin))
	if len(text) > 5_000_000 {
		t.Errorf("%d bytes", len(text))
	}
	for _, want := range []string{"4,814 more chosen messages not shown", "2,804 more rows not shown", "bursts drawn with their neighbours"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := strings.Count(text, "<article"); n != 200 {
		t.Errorf("%d messages are drawn", n)
	}
}

func TestLongMessagesFillThePageOnlyOnce(t *testing.T) {
	var r report.Review
	for i := range 200 {
		r.Drawn = append(r.Drawn, report.Drawn{Message: fmt.Sprintf("a.m%d", i), Content: providers.Content{Kind: providers.KindText, Text: strings.Repeat("x", 100_000)}})
	}
	text := page(t, r)
	if len(text) > 4_000_000 {
		t.Errorf("%d bytes", len(text))
	}
	if !strings.Contains(text, "Show all 100,000 characters") || !strings.Contains(text, "more chosen messages not shown") {
		t.Error("the page does not say what is cut and left out")
	}
}

// TestNothingFillsThePage repeats whatever can come more than once, with texts that are too long everywhere.
func TestNothingFillsThePage(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	one, r := filled(long), filled(long)
	for range 300 {
		r.Warnings, r.Plan.Forbidden = append(r.Warnings, one.Warnings...), append(r.Plan.Forbidden, one.Plan.Forbidden...)
		r.Texts, r.Drawn = append(r.Texts, one.Texts...), append(r.Drawn, one.Drawn...)
		r.Timeline, r.Plan.Groups = append(r.Timeline, one.Timeline...), append(r.Plan.Groups, one.Plan.Groups...)
		r.Plan.LeftOut, r.Plan.Reach = append(r.Plan.LeftOut, one.Plan.LeftOut...), append(r.Plan.Reach, one.Plan.Reach...)
		r.Plan.Edits, r.Plan.Moves = append(r.Plan.Edits, one.Plan.Edits...), append(r.Plan.Moves, one.Plan.Moves...)
	}
	begin := time.Now()
	text := page(t, r)
	t.Logf("%d bytes in %s", len(text), time.Since(begin))
	if len(text) > 24_000_000 {
		t.Errorf("%d bytes", len(text))
	}
}

func TestAnEmptyReviewIsAPage(t *testing.T) {
	text := page(t, report.Review{})
	safe(t, text)
	for _, want := range []string{"Nothing to send.", "No message is drawn", "The plan is not sealed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestForbiddenPlansSayThatTheyCannotBeApplied(t *testing.T) {
	r := renewal()
	r.Plan.Forbidden = []report.Reason{{Summary: "more than 1,000 people", Detail: "policy max_people"}}
	text := page(t, r)
	attention, messages := strings.Index(text, "more than 1,000 people"), strings.Index(text, `<h2 id="messages-h"`)
	if attention < 0 || attention > messages {
		t.Error("what forbids the plan does not come first")
	}
	if !strings.Contains(text, "it cannot be applied as it is") {
		t.Error("the page says that the plan can be applied")
	}
}

func TestEveryKindIsDrawn(t *testing.T) {
	for _, kind := range providers.Kinds() {
		drawn := false
		for _, c := range contents("words") {
			if c.Kind == kind {
				text := string(preview.Bubble(c, providers.Sends))
				drawn = strings.Contains(text, "words") && !strings.Contains(text, "Nothing to draw")
			}
		}
		if !drawn {
			t.Errorf("%s is not drawn", kind)
		}
	}
}

func TestQuestionsToMachinesSaySo(t *testing.T) {
	c := providers.Content{Kind: providers.KindText, Text: "hello"}
	if asks, sends := preview.Bubble(c, providers.Asks), preview.Bubble(c, providers.Sends); asks == sends || !strings.Contains(string(asks), "Asked of a machine") {
		t.Errorf("asks %s, sends %s", asks, sends)
	}
}
