package planner

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// doubtful is a plan for renewal whose offers, the first message of each person, came out as given.
func doubtful(t *testing.T, came state.State) (first made, view *state.View) {
	first = good(t, input(campaign(t, renewal)))
	view = after(nil, first, func(s Step) state.State {
		if s.Send.Name == "offer" {
			return came
		}
		return state.Untried
	})
	return first, view
}

// of gives the step of a send.
func (m made) of(t *testing.T, send string) Step {
	t.Helper()
	i := slices.IndexFunc(m.steps, func(s Step) bool { return s.Send.String() == send })
	if i < 0 {
		t.Fatalf("no step %s in %q", send, m.did())
	}
	return m.steps[i]
}

// What becomes of an offer in doubt, by on_doubt and by what has changed since; and of the letter behind it.
func TestInDoubt(t *testing.T) {
	const same, resend, assume = "", `in doubt; on_doubt = "resend"`, `in doubt; on_doubt = "assume_sent"`
	const content, place, account = "content changed since", "destination changed since", "sent through another account"
	changes := map[string]*strings.Replacer{
		same:    strings.NewReplacer(),
		content: strings.NewReplacer("c1,Ada", "c1,Eva"),
		place:   strings.NewReplacer("c1,Ada,t1", "c1,Ada,t9"),
		account: strings.NewReplacer("provider \"chat\" {\n}", "provider \"chat\" {\n}\nprovider \"chat\" {\n  alias = \"two\"\n}", "provider = chat\n", "provider = chat.two\n"),
	}
	for _, tt := range []struct {
		state   state.State
		onDoubt spec.OnDoubt
		change  string
		offer   string // what is done about it
		asks    bool   // the provider can be asked about it
		letter  string
	}{
		{state.InDoubt, spec.DoubtHold, same, "in_doubt: ", true, "blocked: blocked by renewal.offer"},
		{state.InDoubt, spec.DoubtHold, content, "in_doubt: " + content, false, "blocked: blocked by renewal.offer"},
		{state.InDoubt, spec.DoubtHold, place, "in_doubt: " + place, false, "blocked: blocked by renewal.offer"},
		{state.InDoubt, spec.DoubtHold, account, "in_doubt: " + account, false, "blocked: blocked by renewal.offer"},
		{state.InDoubt, spec.DoubtResend, same, "resend: " + resend, true, "send: "},
		{state.InDoubt, spec.DoubtResend, content, "resend: " + resend, false, "send: "},
		{state.InDoubt, spec.DoubtResend, place, "resend: " + resend, false, "send: "},
		{state.InDoubt, spec.DoubtResend, account, "resend: " + resend, false, "send: "},
		{state.InDoubt, spec.DoubtAssumeSent, same, "assume: " + assume, true, "send: "},
		{state.InDoubt, spec.DoubtAssumeSent, content, "assume: " + assume, false, "send: "},
		{state.InDoubt, spec.DoubtAssumeSent, place, "assume: " + assume, false, "send: "},
		{state.InDoubt, spec.DoubtAssumeSent, account, "assume: " + assume, false, "send: "},
		{state.Sending, spec.DoubtHold, same, "in_doubt: a run may be sending it now", false, "blocked: blocked by renewal.offer"},
		{state.Sending, spec.DoubtResend, same, "in_doubt: a run may be sending it now", false, "blocked: blocked by renewal.offer"},
		{state.Sending, spec.DoubtAssumeSent, content, "in_doubt: a run may be sending it now", false, "blocked: blocked by renewal.offer"},
	} {
		t.Run(fmt.Sprintf("%s/%s/%s", tt.state, tt.onDoubt, tt.change), func(t *testing.T) {
			first, view := doubtful(t, tt.state)
			in := input(campaign(t, onDoubt(tt.onDoubt, changes[tt.change].Replace(renewal))))
			in.View = view
			m := good(t, in)
			offer, letter := m.of(t, `renewal.offer["c1"]`), m.of(t, `renewal.letter["c1"]`)
			if got := string(offer.Action) + ": " + offer.Reason; got != tt.offer {
				t.Errorf("the offer: %s, want %s", got, tt.offer)
			}
			if got := string(letter.Action) + ": " + letter.Reason; got != tt.letter {
				t.Errorf("the letter: %s, want %s", got, tt.letter)
			}
			attempt := view.Doubt[0]
			if got := offer.Repeats(&attempt); got != tt.asks {
				t.Errorf("can be asked about: %v, want %v", got, tt.asks)
			}
			made := offer.Request.Method != ""
			if want := tt.asks || offer.Action == Resend; made != want {
				t.Errorf("request %+v", offer.Request)
			}
			if tt.asks {
				if diff := cmp.Diff(first.of(t, `renewal.offer["c1"]`).Request, offer.Request); diff != "" {
					t.Errorf("the request is not that of the attempt: %s", diff)
				}
			}
			if offer.FromDoubt != (offer.Action == Resend) || letter.FromDoubt {
				t.Errorf("from doubt: %v, %v", offer.FromDoubt, letter.FromDoubt)
			}
			if needs := letter.Needs.Message == "offer"; needs != (offer.Action == Resend) || offer.Leads != needs {
				t.Errorf("the letter needs %+v, the offer leads: %v", letter.Needs, offer.Leads)
			}
			if offer.Action == Resend && tt.change == content && !strings.Contains(string(offer.Request.Body), "Hi Eva") {
				t.Errorf("resent: %s", offer.Request.Body)
			}
			for _, g := range m.Groups {
				if g.Message.Name == "offer" && !g.Samples[0].At.Equal(noon) {
					t.Errorf("%s since %v", g.Action, g.Samples[0].At)
				}
			}
			if want := map[Action]int{Assume: m.Counts[Assume], Resend: 2, InDoubt: 0}[offer.Action] + m.Counts[Send]; m.Changes() != want {
				t.Errorf("%d changes, want %d: %v", m.Changes(), want, m.Counts)
			}
			if n := m.Counts[InDoubt] + m.Counts[Resend] + m.Counts[Assume]; n != 2 {
				t.Errorf("counts %v", m.Counts)
			}
		})
	}
}

// Who cannot be written to any more spoils no plan for what is in doubt, only for what is to be sent.
func TestInDoubtAndNotMadeAgain(t *testing.T) {
	long := strings.Repeat("x", 80)
	for name, change := range map[string]*strings.Replacer{
		"the provider refuses the text":    strings.NewReplacer("c1,Ada", "c1,"+long, "Hi ${contact.name}", `Hi ${substr(contact.name, 0, 1) == "A" ? "Ada" : contact.name}`),
		"the provider refuses the address": strings.NewReplacer("t1,ada", ",ada"),
		"the text has no value":            strings.NewReplacer("Hi ${contact.name}", `Hi ${contact.name == "Ada" ? tonumber("x") : "Bob"}`),
		"the address has no value":         strings.NewReplacer("= contact.chat", `= contact.name == "Ada" ? tostring(tonumber("x")) : contact.chat`),
		"an option has no value":           strings.NewReplacer("text = \"Hi ${contact.name}\"", "text = \"Hi ${contact.name}\"\n    chat {\n      priority = contact.name == \"Ada\" ? tonumber(\"x\") : 1\n    }"),
		"the provider refuses an option":   strings.NewReplacer("text = \"Hi ${contact.name}\"", "text = \"Hi ${contact.name}\"\n    chat {\n      priority = contact.name == \"Ada\" ? 10 : 1\n    }"),
	} {
		t.Run(name, func(t *testing.T) {
			// Only the offer of c1 is in doubt, the rest is done.
			first := good(t, input(campaign(t, renewal)))
			view := after(nil, first, func(s Step) state.State {
				if s.Send.Name == "offer" && s.Send.Key == "c1" {
					return state.InDoubt
				}
				return state.Sent
			})
			for _, doubt := range []spec.OnDoubt{spec.DoubtHold, spec.DoubtAssumeSent, spec.DoubtResend} {
				in := input(campaign(t, onDoubt(doubt, change.Replace(renewal))))
				in.View = view
				m := makePlan(t, in)
				if doubt == spec.DoubtResend {
					if m.Plan != nil || len(m.diags) != 1 || !strings.Contains(said(m.diags)[0], `"c1"`) {
						t.Errorf("resend: %q, %q", m.did(), said(m.diags))
					}
					continue
				}
				if m.Plan == nil || len(m.diags) > 0 {
					t.Errorf("%s: %q", doubt, said(m.diags))
					continue
				}
				offer := m.of(t, `renewal.offer["c1"]`)
				if offer.Request.Method != "" || offer.Action.Sends() || doubt == spec.DoubtHold && offer.Reason == "" {
					t.Errorf("%s: %+v", doubt, offer)
				}
			}
			// For a message that is to be sent the same is an error as ever.
			if m := makePlan(t, input(campaign(t, change.Replace(renewal)))); m.Plan != nil {
				t.Errorf("nothing is wrong with a first send: %q", m.did())
			}
		})
	}
}

// What is in doubt and cannot be made for a reason of its own says so.
func TestInDoubtSaysWhyItCannotBeMade(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	in := input(campaign(t, strings.Replace(renewal, "text = \"Hi ${contact.name}\"", "text = \"Hi ${contact.name}\"\n    chat {\n      priority = 5 + length(contact.id) * 2\n    }", 1)))
	in.View = view
	if got := good(t, in).of(t, `renewal.offer["c1"]`); got.Reason != "" || !strings.Contains(string(got.Request.Body), `"priority":9`) {
		t.Errorf("%+v", got)
	}
	in.Campaign = campaign(t, strings.Replace(renewal, "text = \"Hi ${contact.name}\"", "text = \"Hi ${contact.name}\"\n    chat {\n      priority = 6 + length(contact.id) * 2\n    }", 1))
	if got := good(t, in).of(t, `renewal.offer["c1"]`); got.Reason != "cannot be made again" || got.Request.Method != "" {
		t.Errorf("%+v", got)
	}
}

// A resend out of doubt waits like any send; what is taken as sent waits for nothing.
func TestInDoubtBehindSomething(t *testing.T) {
	first := good(t, input(campaign(t, renewal)))
	view := after(nil, first, func(s Step) state.State {
		return map[string]state.State{"offer": state.Refused, "letter": state.InDoubt, "ask": state.Untried}[s.Send.Name]
	})
	for doubt, want := range map[spec.OnDoubt][]string{
		spec.DoubtHold:       {`in_doubt renewal.letter["c1"]`, `blocked renewal.ask["c1"]: blocked by renewal.offer`},
		spec.DoubtResend:     {`blocked renewal.letter["c1"]: blocked by renewal.offer`, `blocked renewal.ask["c1"]: blocked by renewal.offer`},
		spec.DoubtAssumeSent: {`assume renewal.letter["c1"]: in doubt; on_doubt = "assume_sent"`, `blocked renewal.ask["c1"]: blocked by renewal.offer`},
	} {
		in := input(campaign(t, onDoubt(doubt, renewal)))
		in.View = view
		m := good(t, in)
		equal(t, string(doubt), m.did()[1:3], want)
		letter := m.of(t, `renewal.letter["c1"]`)
		if !letter.Repeats(&view.Doubt[0]) || letter.FromDoubt {
			t.Errorf("%s: %+v", doubt, letter)
		}
		for _, g := range m.Groups {
			if g.Reason == reasonGone {
				t.Errorf("%s: %+v is there", doubt, g)
			}
		}
	}
}

// Who left, and a message that left, are held whatever on_doubt says: it is about those who are written to.
func TestInDoubtAndGone(t *testing.T) {
	first := good(t, input(campaign(t, renewal)))
	view := after(nil, first, func(Step) state.State { return state.InDoubt })
	for _, doubt := range []spec.OnDoubt{spec.DoubtHold, spec.DoubtResend, spec.DoubtAssumeSent} {
		in := input(campaign(t, onDoubt(doubt, strings.NewReplacer("c1,Ada,t1,ada@example.com\n", "", `message "offer"`, `message "first"`).Replace(renewal))))
		in.View = view
		m := good(t, in)
		var gone []string
		for _, g := range m.Groups {
			if g.Reason == reasonGone {
				for _, s := range g.Samples {
					gone = append(gone, string(g.Action)+" "+s.Send.String())
				}
			}
		}
		equal(t, string(doubt), gone, []string{`in_doubt renewal.letter["c1"]`, `in_doubt renewal.ask["c1"]`, `in_doubt renewal.offer["c1"]`, `in_doubt renewal.offer["c2"]`})
		if want := map[spec.OnDoubt]int{spec.DoubtHold: 6, spec.DoubtResend: 4, spec.DoubtAssumeSent: 4}[doubt]; m.Counts[InDoubt] != want {
			t.Errorf("%s: %d in doubt, want %d", doubt, m.Counts[InDoubt], want)
		}
	}
}

// The limit counts requests. What is beyond it is neither gone nor held.
func TestInDoubtBeyondTheLimit(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	for doubt, want := range map[spec.OnDoubt][]string{
		spec.DoubtResend:     {`resend renewal.offer["c1"]: in doubt; on_doubt = "resend"`},
		spec.DoubtAssumeSent: {`assume renewal.offer["c1"]: in doubt; on_doubt = "assume_sent"`, `send renewal.letter["c1"]`, `assume renewal.offer["c2"]: in doubt; on_doubt = "assume_sent"`},
	} {
		in := input(campaign(t, onDoubt(doubt, renewal)))
		in.View, in.Limit = view, 1
		m := good(t, in)
		equal(t, string(doubt), m.did(), want)
		if m.Counts[InDoubt] != 0 || m.Sends() != 1 || m.Unsent != map[spec.OnDoubt]int{spec.DoubtResend: 5, spec.DoubtAssumeSent: 3}[doubt] {
			t.Errorf("%s: counts %v, %d unsent", doubt, m.Counts, m.Unsent)
		}
	}
}

// A message of which nothing is planned keeps the person's rest back while it is in doubt, since nothing decides it.
func TestInDoubtAndNotTargeted(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	for _, doubt := range []spec.OnDoubt{spec.DoubtHold, spec.DoubtResend, spec.DoubtAssumeSent} {
		in := input(campaign(t, onDoubt(doubt, renewal)))
		in.View, in.Targets = view, targets("renewal.letter")
		equal(t, string(doubt), good(t, in).did(), []string{`blocked renewal.letter["c1"]: blocked by renewal.offer`, `blocked renewal.letter["c2"]: blocked by renewal.offer`})
	}
}

// Whoever may have got a message has used up the unique value, whatever on_doubt makes of it.
func TestInDoubtUsesUpItsUniqueValue(t *testing.T) {
	text := peopleCampaign(csvSource+`
audience "all" {
  include   = [contacts.people]
  unique_by = contact.phone
}
`, "audience.all", "Hi", "-- people.csv --\nid,phone\nc0,+4911\nc1,+4911\nc2,+4911\n")
	alone := good(t, input(campaign(t, strings.NewReplacer("c0,+4911\n", "", "c2,+4911\n", "").Replace(text))))
	view := after(nil, alone, func(Step) state.State { return state.InDoubt })
	for doubt, want := range map[spec.OnDoubt]string{
		spec.DoubtHold:       `in_doubt s.m["c1"]`,
		spec.DoubtResend:     `resend s.m["c1"]: in doubt; on_doubt = "resend"`,
		spec.DoubtAssumeSent: `assume s.m["c1"]: in doubt; on_doubt = "assume_sent"`,
	} {
		in := input(campaign(t, onDoubt(doubt, text)))
		in.View = view
		m := good(t, in)
		equal(t, string(doubt), m.did(), []string{want})
		if len(m.LeftOut) != 1 || m.LeftOut[0].Count != 2 {
			t.Errorf("%s: left out %+v", doubt, m.LeftOut)
		}
	}
}

// What is approved is what is sent and what is taken as sent, not what stays as it is.
func TestDigestOfDoubt(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	digest := func(doubt spec.OnDoubt, view *state.View) string {
		in := input(campaign(t, onDoubt(doubt, renewal)))
		in.View, in.Targets = view, targets("renewal.offer")
		return good(t, in).Digest
	}
	hold, resend, assume := digest(spec.DoubtHold, view), digest(spec.DoubtResend, view), digest(spec.DoubtAssumeSent, view)
	if hold != digest(spec.DoubtHold, after(nil, good(t, input(campaign(t, renewal))), sent)) {
		t.Error("what is held in doubt is in the digest")
	}
	if hold == resend || hold == assume || resend == assume {
		t.Errorf("digests %s, %s, %s", hold, resend, assume)
	}
	some := records{}
	for s, r := range lastRecords[view] {
		if s.Key != "c1" {
			r.State = state.Sent
		}
		some[s] = r
	}
	if assume == digest(spec.DoubtAssumeSent, ledgerOf(some)) {
		t.Error("whom it is taken as sent to is not in the digest")
	}
}

// The line of what is taken as sent says nothing of a request, since none is made.
func TestDigestOfWhatIsTakenAsSent(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	in := input(campaign(t, onDoubt(spec.DoubtAssumeSent, renewal)))
	in.View, in.Targets = view, targets(`renewal.offer["c1"]`)
	m := good(t, in)
	step := m.of(t, `renewal.offer["c1"]`)
	if step.Request.Method == "" {
		t.Fatal("the provider cannot be asked")
	}
	step.Request = providers.Request{}
	if want := fmt.Sprintf("%x", sha256.Sum256(append(appendLine(nil, &step), '\n'))); m.Digest != want {
		t.Errorf("digest %s, want %s", m.Digest, want)
	}
}

// What is decided without anybody is shown by name, as what is in doubt, not by a few samples.
func TestSamplesOfWhatIsTakenAsSent(t *testing.T) {
	text := onDoubt(spec.DoubtAssumeSent, peopleCampaign(csvSource, "contacts.people", "Hi", "-- people.csv --\nid\nc1\nc2\nc3\nc4\n"))
	in := input(campaign(t, text))
	in.View = after(nil, good(t, in), func(Step) state.State { return state.InDoubt })
	if m := good(t, in); len(m.Groups) != 1 || m.Groups[0].Action != Assume || len(m.Groups[0].Samples) != 4 {
		t.Errorf("groups %+v", m.Groups)
	}
}

// Only a step whose account, place and content are those of the attempt repeats it; an older hash version is no change.
func TestRepeats(t *testing.T) {
	first, view := doubtful(t, state.InDoubt)
	step := first.of(t, `renewal.offer["c1"]`)
	for name, tt := range map[string]struct {
		change func(*state.Record)
		want   bool
	}{
		"as it was":           {func(*state.Record) {}, true},
		"older hashes":        {func(r *state.Record) { r.Content, r.Destination = state.Hash{Version: 9}, state.Hash{Version: 9} }, true},
		"another account":     {func(r *state.Record) { r.Account = "post" }, false},
		"another destination": {func(r *state.Record) { r.Destination.Sum[0]++ }, false},
		"another content":     {func(r *state.Record) { r.Content.Sum[0]++ }, false},
	} {
		attempt := view.Doubt[0]
		tt.change(&attempt)
		if step.Repeats(&attempt) != tt.want {
			t.Errorf("%s: %v", name, !tt.want)
		}
		in := input(campaign(t, renewal))
		in.View = ledgerOf(records{attempt.Send: attempt})
		if got := good(t, in).of(t, `renewal.offer["c1"]`); (got.Request.Method != "") != tt.want || got.Repeats(&attempt) != tt.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	bare := Step{Send: addr.Send{}, Account: step.Account, Content: step.Content, Destination: step.Destination}
	if bare.Repeats(&view.Doubt[0]) {
		t.Error("a step without a request repeats something")
	}
}
