package report

import "testing"

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{
		"launch.plan": "launch.plan", "a b": "'a b'", "it's": `'it'\''s'`, "": "''", "$(rm)": "'$(rm)'", "x\ny": `'x\ny'`,
	} {
		if got := ShellQuote(in); got != want {
			t.Errorf("%q gave %s, want %s", in, got, want)
		}
	}
}
