package providertest_test

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"herald/providers/providertest"
)

// seekerVariable tells a child process which fault its seeker has.
const seekerVariable = "HERALD_TEST_SEEKER_FAULT"

// TestLookUps runs the suite's look-ups on a provider that passes them.
func TestLookUps(t *testing.T) {
	providertest.RunLookUps(t, seekerSubject(os.Getenv(seekerVariable)))
}

// TestSeeker runs the suite on it.
func TestSeeker(t *testing.T) {
	fault := os.Getenv(seekerVariable)
	s := seekerSubject(fault)
	if fault == "look-ups of nobody" {
		s.Type = toyType("")
	}
	providertest.Run(t, s)
}

// The suite must fail for each fault, in the check that is there for it.
func TestSuiteFindsFaultsOfLookUps(t *testing.T) {
	if os.Getenv(seekerVariable) != "" {
		t.Skip("this is the child")
	}
	for fault, check := range map[string]string{
		"asks without a turn":           "LookUps/look-ups",
		"takes two turns":               "LookUps/look-ups",
		"looks twice":                   "LookUps/look-ups",
		"looks with the other token":    "LookUps/look-ups",
		"finds anything":                "LookUps/look-ups",
		"takes hope for proof":          "LookUps/look-ups",
		"changes its mind":              "LookUps/look-ups",
		"two of one name":               "LookUps/look-ups",
		"no page that finds it":         "LookUps/look-ups",
		"asks though the turn failed":   "LookUps/look-up turns",
		"guesses the place":             "LookUps/look-up turns",
		"what cannot be read is absent": "LookUps/look-up answers",
		"forgets the class":             "LookUps/look-up answers",
		"forgets why":                   "LookUps/look-up garbage",
		"looks by a client of its own":  "LookUps/look-up answers",
		"asks without its token":        "LookUps/look-up secrets",
		"tells a secret":                "LookUps/look-up secrets",
		"tells what nobody cleaned":     "LookUps/look-up secrets",
		"look-ups of nobody":            "Seeker/finds",
		"no test":                       "Seeker/finds",
		"takes any 200":                 "Seeker/faults",
		"takes a cut success":           "Seeker/faults",
		"a 5xx is a refusal":            "Seeker/faults",
		"does not read how long":        "Seeker/faults",
		"a reset is not sent":           "Seeker/faults",
		"sends again":                   "Seeker/faults",
		"":                              "", // the child itself works
	} {
		t.Run(cmp.Or(fault, "none"), func(t *testing.T) {
			t.Parallel()
			test, one, _ := strings.Cut(strings.ReplaceAll(cmp.Or(check, "LookUps/look-ups"), " ", "_"), "/")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.timeout=60s", "-rapid.nofailfile", "-test.run=^Test"+test+"$/^example$/^"+one+"$")
			child.Env = append(os.Environ(), seekerVariable+"="+fault)
			if fault == "no test" {
				child.Dir = t.TempDir() // where nobody has written one
			}
			out, err := child.CombinedOutput()
			failed := strings.Contains(string(out), "--- FAIL: Test"+test+"/example/"+one)
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) || strings.Contains(string(out), "panic:") {
				t.Fatalf("%v\n%s", err, out)
			}
			if failed != (check != "") || failed == (err == nil) {
				t.Errorf("%s: failed is %v\n%s", one, failed, out)
			}
		})
	}
}
