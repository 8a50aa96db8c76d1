package planner

import (
	"testing"

	"pgregory.net/rapid"

	"herald/spec"
	"herald/state"
)

func TestDecide(t *testing.T) {
	for _, tt := range []struct {
		name   string
		facts  facts
		action Action
		reason string
	}{
		{"never sent", facts{}, Send, ""},
		{"never sent, -replace", facts{replace: true}, Send, ""},
		{"never sent, has a later one", facts{later: true}, Passed, reasonPassed},
		{"never sent, has a later one, -replace", facts{later: true, replace: true}, Passed, reasonPassed},
		{"never sent, something in the way", facts{blocker: "a.b"}, Blocked, "blocked by a.b"},
		{"never sent, has a later one, something in the way", facts{later: true, blocker: "a.b"}, Passed, reasonPassed},
		{"its condition was false, and is another now", facts{state: state.Skipped}, Send, ""},
		{"its condition was false", facts{state: state.Skipped, condition: true}, Skipped, ""},
		{"its condition was false, something in the way", facts{state: state.Skipped, condition: true, blocker: "a.b"}, Skipped, ""},
		{"its condition was false, has a later one", facts{state: state.Skipped, condition: true, later: true}, Skipped, ""},
		{"its condition was false, and is another now, has a later one", facts{state: state.Skipped, later: true}, Passed, reasonPassed},
		{"its condition was false, -replace", facts{state: state.Skipped, condition: true, replace: true}, Send, ""},
		{"its condition was false, -replace, has a later one", facts{state: state.Skipped, condition: true, replace: true, later: true}, Passed, reasonPassed},
		{"not delivered", facts{state: state.Sent, content: true, failed: true}, Failed, reasonFailed},
		{"not delivered, other content", facts{state: state.Sent, failed: true}, Failed, reasonFailed},
		{"not delivered, other content, on_change", facts{state: state.Sent, failed: true, resend: true}, Resend, reasonContent},
		{"not delivered, on_change", facts{state: state.Sent, failed: true, content: true, resend: true}, Failed, reasonFailed},
		{"not delivered, -replace", facts{state: state.Sent, content: true, failed: true, replace: true}, Resend, reasonReplace},
		{"not delivered, something in the way", facts{state: state.Sent, content: true, failed: true, blocker: "a.b"}, Failed, reasonFailed},
		{"sent", facts{state: state.Sent, content: true, destination: true}, Unchanged, ""},
		{"sent to another place", facts{state: state.Sent, content: true, resend: true}, Unchanged, ""},
		{"sent with other content", facts{state: state.Sent, destination: true}, Kept, ""},
		{"sent with other content, to another place", facts{state: state.Sent}, Kept, ""},
		{"sent with other content, on_change", facts{state: state.Sent, resend: true}, Resend, reasonContent},
		{"sent with other content, on_change, in the way", facts{state: state.Sent, resend: true, blocker: "a.b"}, Blocked, "blocked by a.b"},
		{"sent, something in the way", facts{state: state.Sent, content: true, blocker: "a.b"}, Unchanged, ""},
		{"sent, -replace", facts{state: state.Sent, content: true, replace: true}, Resend, reasonReplace},
		{"sent, -replace, has a later one", facts{state: state.Sent, content: true, replace: true, later: true}, Resend, reasonReplace},
		{"refused", facts{state: state.Refused, content: true, destination: true}, Refused, reasonRefused},
		{"refused, on_change", facts{state: state.Refused, content: true, destination: true, resend: true}, Refused, reasonRefused},
		{"refused, other content", facts{state: state.Refused, destination: true}, Resend, reasonRefusedNew},
		{"refused, other destination", facts{state: state.Refused, content: true}, Resend, reasonRefusedTo},
		{"refused, both other", facts{state: state.Refused}, Resend, reasonRefusedBoth},
		{"refused, other content, has a later one", facts{state: state.Refused, later: true}, Passed, reasonPassed},
		{"refused, has a later one", facts{state: state.Refused, content: true, destination: true, later: true}, Refused, reasonRefused},
		{"refused, other content, in the way", facts{state: state.Refused, blocker: "a.b"}, Blocked, "blocked by a.b"},
		{"refused, -replace", facts{state: state.Refused, content: true, destination: true, replace: true}, Resend, reasonReplace},
		{"refused, back to what was sent before", facts{state: state.Refused, destination: true, before: true}, Unchanged, ""},
		{"sending", facts{state: state.Sending}, InDoubt, reasonAlive},
		{"sending, on_doubt resend", facts{state: state.Sending, onDoubt: spec.DoubtResend, replace: true}, InDoubt, reasonAlive},
		{"sending, on_doubt assume_sent", facts{state: state.Sending, onDoubt: spec.DoubtAssumeSent}, InDoubt, reasonAlive},
		{"in doubt", facts{state: state.InDoubt}, InDoubt, ""},
		{"in doubt, hold", facts{state: state.InDoubt, onDoubt: spec.DoubtHold}, InDoubt, ""},
		{"in doubt, -replace", facts{state: state.InDoubt, onDoubt: spec.DoubtHold, replace: true}, InDoubt, ""},
		{"in doubt, on_change", facts{state: state.InDoubt, onDoubt: spec.DoubtHold, resend: true, changed: reasonNewContent}, InDoubt, reasonNewContent},
		{"in doubt, something in the way", facts{state: state.InDoubt, blocker: "a.b"}, InDoubt, ""},
		{"in doubt, resend", facts{state: state.InDoubt, onDoubt: spec.DoubtResend}, Resend, reasonResend},
		{"in doubt, resend, changed", facts{state: state.InDoubt, onDoubt: spec.DoubtResend, changed: reasonNewContent}, Resend, reasonResend},
		{"in doubt, resend, -replace", facts{state: state.InDoubt, onDoubt: spec.DoubtResend, replace: true}, Resend, reasonResend},
		{"in doubt, resend, has a later one", facts{state: state.InDoubt, onDoubt: spec.DoubtResend, later: true}, Resend, reasonResend},
		{"in doubt, resend, something in the way", facts{state: state.InDoubt, onDoubt: spec.DoubtResend, blocker: "a.b"}, Blocked, "blocked by a.b"},
		{"in doubt, assume_sent", facts{state: state.InDoubt, onDoubt: spec.DoubtAssumeSent}, Assume, reasonAssume},
		{"in doubt, assume_sent, changed", facts{state: state.InDoubt, onDoubt: spec.DoubtAssumeSent, changed: reasonNewPlace}, Assume, reasonAssume},
		{"in doubt, assume_sent, -replace", facts{state: state.InDoubt, onDoubt: spec.DoubtAssumeSent, replace: true}, Assume, reasonAssume},
		{"in doubt, assume_sent, something in the way", facts{state: state.InDoubt, onDoubt: spec.DoubtAssumeSent, blocker: "a.b"}, Assume, reasonAssume},
		{"on_doubt of what is not in doubt", facts{state: state.Refused, content: true, destination: true, onDoubt: spec.DoubtResend}, Refused, reasonRefused},
	} {
		action, reason := decide(tt.facts)
		if action != tt.action || reason != tt.reason {
			t.Errorf("%s: %s %q, want %s %q", tt.name, action, reason, tt.action, tt.reason)
		}
	}
}

// Whatever else holds: what is in doubt is sent or taken as sent only where on_doubt says so, and nothing is sent past
// what stands in the way.
func TestDecideInDoubt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		f := facts{state: state.State(rapid.IntRange(0, 5).Draw(t, "state")), content: flag("content"), destination: flag("destination"),
			before: flag("before"), resend: flag("resend"), replace: flag("replace"), later: flag("later"), failed: flag("failed"), condition: flag("condition")}
		if flag("blocked") {
			f.blocker = "a.b"
		}
		f.onDoubt = rapid.SampledFrom([]spec.OnDoubt{"", spec.DoubtHold, spec.DoubtResend, spec.DoubtAssumeSent}).Draw(t, "on_doubt")
		f.changed = rapid.SampledFrom([]string{"", reasonNewContent}).Draw(t, "changed")
		action, _ := decide(f)
		inDoubt := f.state == state.InDoubt
		held := f.state == state.Sending || inDoubt && f.onDoubt != spec.DoubtResend && f.onDoubt != spec.DoubtAssumeSent
		switch {
		case held != (action == InDoubt):
			t.Fatalf("%+v: %s", f, action)
		case (inDoubt && f.onDoubt == spec.DoubtAssumeSent) != (action == Assume):
			t.Fatalf("%+v: %s", f, action)
		case inDoubt && f.onDoubt == spec.DoubtResend && action != Resend && action != Blocked:
			t.Fatalf("%+v: %s", f, action)
		case action.Sends() && f.blocker != "":
			t.Fatalf("%+v: %s past %s", f, action, f.blocker)
		case action.Sends() && f.state == state.Skipped && f.condition && !f.replace:
			t.Fatalf("%+v: %s though it is skipped", f, action)
		case action == Send && (f.state == state.Sent || f.state == state.Refused):
			t.Fatalf("%+v: sent as if for the first time", f)
		case f.state == state.Sent && f.content && !f.replace && action != Unchanged && !(f.failed && action == Failed):
			t.Fatalf("%+v: %s though nothing changed", f, action)
		}
	})
}
