package planner

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// talk is a sequence whose later messages hang on what became of the first.
const talk = `
provider "chat" {
}
contact "ada" {
  chat = "1"
}
conversation "chat" {
  provider = chat
  with     = contact.ada
  to       = contact.chat
}
sequence "renewal" {
  conversation = conversation.chat
  message "offer" {
    text = "Offer"
  }
  message "ask" {
    AFTER
    when = WHEN
    text = TEXT
  }
  message "last" {
    text = "Last"
  }
}
`

// talkWith gives talk with a condition and a text of its second message.
func talkWith(t *testing.T, when, text string) *spec.Campaign {
	t.Helper()
	return campaign(t, strings.NewReplacer("AFTER", "", "WHEN", when, "TEXT", text).Replace(talk))
}

// telling makes the account of every message one that can tell everything.
func telling(in *Input, told bool) {
	a := in.Accounts["chat"]
	a.Tells = []providers.Fact{providers.FactDelivered, providers.FactRead, providers.FactReplied, providers.FactFailed}
	a.Told = told
	in.Accounts["chat"] = a
}

func TestFactsOfAMessage(t *testing.T) {
	offer := row("offer", "ada", state.Sent, noon.Add(-time.Hour), textHash("Offer"))
	refusedElsewhere := row("ask", "ada", state.Refused, noon, textHash("You said No"))
	refusedElsewhere.Destination = DestinationHash("chat", "chat", providers.Values{"to": "9"})
	receipt := func(r state.Receipt) []state.Receipt { r.Send = offer.Send; return []state.Receipt{r} }
	for _, tt := range []struct {
		name     string
		when     string
		text     string
		rows     []state.Record
		receipts []state.Receipt
		read     bool // just now
		told     bool
		deaf     bool // the account can tell nothing
		want     string
		wants    bool
	}{
		{name: "it is sent in this plan", when: "messages.offer.sent", want: "waits: waits for messages.offer.sent"},
		{name: "sent", when: "messages.offer.sent", rows: []state.Record{offer}, want: "send"},
		{name: "sent_at", when: `messages.offer.sent_at == "2026-12-01T11:00:00Z"`, rows: []state.Record{offer}, want: "send"},
		{name: "read: nobody looked", when: "messages.offer.read", rows: []state.Record{offer}, want: "waits: waits for messages.offer.read", wants: true},
		{name: "not read: nobody looked", when: "!messages.offer.read", rows: []state.Record{offer}, want: "waits: waits for messages.offer.read", wants: true},
		{name: "read: looked", when: "messages.offer.read", rows: []state.Record{offer}, read: true, want: "skip"},
		{name: "not read: looked", when: "!messages.offer.read", rows: []state.Record{offer}, read: true, want: "send"},
		{name: "read: would have been told", when: "messages.offer.read", rows: []state.Record{offer}, told: true, want: "skip"},
		{name: "read: cannot be told", when: "messages.offer.read", rows: []state.Record{offer}, deaf: true, want: "skip"},
		{name: "read", when: "messages.offer.read", rows: []state.Record{offer}, receipts: receipt(state.Receipt{Read: noon}), want: "send"},
		{name: "who has read it has got it", when: "messages.offer.delivered", rows: []state.Record{offer}, receipts: receipt(state.Receipt{Read: noon}), want: "send"},
		{name: "delivered, read is not known", when: "messages.offer.read", rows: []state.Record{offer}, receipts: receipt(state.Receipt{Delivered: noon}),
			want: "waits: waits for messages.offer.read", wants: true},
		{name: "one is enough", when: "messages.offer.delivered || messages.offer.sent", rows: []state.Record{offer}, want: "send"},
		{name: "replied", when: "messages.offer.replied", rows: []state.Record{offer}, receipts: receipt(state.Receipt{Replied: noon, Reply: "Yes"}), want: "send"},
		{name: "reply", when: `lower(messages.offer.reply) == "yes"`, rows: []state.Record{offer}, receipts: receipt(state.Receipt{Replied: noon, Reply: "Yes"}), want: "send"},
		{name: "reply: nobody looked", when: `messages.offer.reply == "Yes"`, rows: []state.Record{offer}, want: "waits: waits for messages.offer.reply", wants: true},
		{name: "reply: none yet", when: `messages.offer.reply == "Yes"`, rows: []state.Record{offer}, read: true, want: "waits: waits for messages.offer.reply"},
		{name: "reply: none is told yet", when: `messages.offer.reply == "Yes"`, rows: []state.Record{offer}, told: true, want: "waits: waits for messages.offer.reply"},
		{name: "reply: cannot be told", when: `messages.offer.reply == "Yes"`, rows: []state.Record{offer}, deaf: true, want: "skip"},
		{name: "status: nobody looked", when: `messages.offer.status == "sent"`, rows: []state.Record{offer}, want: "waits: waits for messages.offer.status", wants: true},
		{name: "status: looked", when: `messages.offer.status == "sent"`, rows: []state.Record{offer}, read: true, want: "send"},
		{name: "status: read, as far as known", when: `messages.offer.status == "read"`, rows: []state.Record{offer}, receipts: receipt(state.Receipt{Read: noon}),
			want: "waits: waits for messages.offer.status", wants: true},
		{name: "status: read", when: `messages.offer.status == "read"`, rows: []state.Record{offer}, receipts: receipt(state.Receipt{Read: noon}), read: true, want: "send"},
		{name: "status: delivered", when: `messages.offer.status == "delivered"`, rows: []state.Record{offer}, receipts: receipt(state.Receipt{Delivered: noon}), read: true, want: "send"},
		{name: "status: nothing further can be known", when: `messages.offer.status == "sent"`, rows: []state.Record{offer}, deaf: true, want: "send"},
		{name: "text", when: "true", text: `"You said ${messages.offer.reply}"`, rows: []state.Record{offer}, receipts: receipt(state.Receipt{Replied: noon, Reply: "Yes"}), want: "send"},
		{name: "text: nobody looked", when: "true", text: `"You said ${messages.offer.reply}"`, rows: []state.Record{offer}, want: "waits: waits for messages.offer.reply", wants: true},
		{name: "text: the condition comes first", when: "messages.offer.replied", text: `"You said ${messages.offer.reply}"`, rows: []state.Record{offer}, read: true, want: "skip"},
		{name: "text of what was sent: not known", when: "true", text: `"You said ${messages.offer.reply}"`, rows: []state.Record{offer, row("ask", "ada", state.Sent, noon, textHash("You said No"))},
			want: "unchanged"},
		{name: "text of what was sent: another one", when: "true", text: `"You said ${messages.offer.reply}"`, rows: []state.Record{offer, row("ask", "ada", state.Sent, noon, textHash("You said No"))},
			receipts: receipt(state.Receipt{Replied: noon, Reply: "Yes"}), want: "kept"},
		{name: "text of what was refused: not known", when: "true", text: `"You said ${messages.offer.reply}"`, rows: []state.Record{offer, row("ask", "ada", state.Refused, noon, textHash("You said No"))},
			want: "refused: refused before; nothing changed"},
		{name: "text of what was refused, to another place: not known", when: "true", text: `"You said ${messages.offer.reply}"`,
			rows: []state.Record{offer, refusedElsewhere}, want: "waits: waits for messages.offer.reply", wants: true},
		{name: "in doubt: nothing is known", when: "messages.offer.sent", rows: []state.Record{row("offer", "ada", state.InDoubt, noon, textHash("Offer"))}, want: "blocked: blocked by renewal.offer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.text == "" {
				tt.text = `"Ask"`
			}
			in := input(talkWith(t, tt.when, tt.text))
			if !tt.deaf {
				telling(&in, tt.told)
			}
			in.View = rows(tt.rows...).With(tt.receipts, nil)
			if tt.read {
				in.Read = map[addr.Send]bool{offer.Send: true}
			}
			m := good(t, in)
			s := m.steps[1]
			if got := strings.TrimSuffix(string(s.Action)+": "+s.Reason, ": "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if wants := slices.Equal(m.Wants, []addr.Send{offer.Send}); wants != tt.wants || !wants && len(m.Wants) > 0 {
				t.Errorf("wants %v", m.Wants)
			}
			// What is read in the same run counts as if the ledger had it.
			in.View, in.Receipts = rows(tt.rows...), map[addr.Send]state.Receipt{}
			for _, r := range tt.receipts {
				in.Receipts[r.Send] = r
			}
			equal(t, "read in this run", good(t, in).did(), m.did())
		})
	}
}

// Of what is never sent everything is known.
func TestFactsOfWhatIsNotSent(t *testing.T) {
	text := strings.Replace(talk, `    text = "Offer"`, "    text = \"Offer\"\n  }\n  message \"extra\" {\n    when = false\n    text = \"Extra\"", 1)
	for when, want := range map[string]string{
		`messages.extra.status == "skipped"`:                             "send",
		`messages.extra.sent || messages.extra.read`:                     "skip",
		`messages.extra.delivered || messages.extra.replied`:             "skip",
		`messages.extra.reply == null && messages.extra.sent_at == null`: "send",
	} {
		for _, recorded := range []bool{false, true} {
			c := campaign(t, strings.NewReplacer("AFTER", "", "WHEN", when, "TEXT", `"Ask"`).Replace(text))
			in := input(c)
			telling(&in, false)
			all := []state.Record{row("offer", "ada", state.Sent, noon, textHash("Offer"))}
			if recorded {
				all = append(all, row("extra", "ada", state.Skipped, noon, ConditionHash(c.Sequences[0].Messages[1].WhenSource)))
			}
			in.View = rows(all...)
			if s := good(t, in).steps[2]; string(s.Action) != want {
				t.Errorf("%s: %s %s, want %s", when, s.Action, s.Reason, want)
			}
		}
	}
	c := campaign(t, strings.NewReplacer("AFTER", "", "WHEN", `true`, "TEXT", `"You said ${messages.extra.reply}"`).Replace(text))
	in := input(c)
	in.View = rows(row("offer", "ada", state.Sent, noon, textHash("Offer")))
	if m := makePlan(t, in); m.Plan != nil || len(m.diags) == 0 || !strings.Contains(m.diags[len(m.diags)-1].Detail, `"ada"`) {
		t.Errorf("a reply that never comes: %q", said(m.diags))
	}
}

// Nothing is asked before it is due, or where the answer is not needed.
func TestWantsOnlyWhatIsDue(t *testing.T) {
	c := campaign(t, strings.NewReplacer("AFTER", `after = "2d"`, "WHEN", "!messages.offer.replied", "TEXT", `"Ask"`).Replace(talk))
	in := input(c)
	telling(&in, false)
	in.View = rows(row("offer", "ada", state.Sent, noon, textHash("Offer")))
	if m := good(t, in); len(m.Wants) > 0 || m.steps[1].Reason != "2d after renewal.offer" {
		t.Errorf("%v, %s", m.Wants, m.steps[1].Reason)
	}
	in.Now = noon.Add(48 * time.Hour)
	if m := good(t, in); len(m.Wants) != 1 || m.steps[2].Reason != "after renewal.ask" {
		t.Errorf("%v, %q", m.Wants, m.did())
	}
	in.View = rows(row("offer", "ada", state.Sent, noon, textHash("Offer")), row("last", "ada", state.Sent, noon, textHash("Last")))
	if m := good(t, in); len(m.Wants) > 0 {
		t.Errorf("%v, %q", m.Wants, m.did())
	}
}

func TestNeverKnown(t *testing.T) {
	in := input(talkWith(t, "!messages.offer.read && !messages.offer.read", `"You said ${messages.offer.reply}, ${messages.offer.status}"`))
	a := in.Accounts["chat"]
	a.Tells = []providers.Fact{providers.FactDelivered}
	in.Accounts["chat"] = a
	equal(t, "warnings", said(makePlan(t, in).diags), []string{
		"main.hcl:19:12 (warning) Never known: CHAT cannot tell whether a message was read: messages.offer.read is always false there. " +
			"Leave it out, or send offer through an account that can tell; some can only with all their tokens.",
		"main.hcl:20:12 (warning) Never known: CHAT cannot tell whether somebody replied: messages.offer.reply is always null there. " +
			"Leave it out, or send offer through an account that can tell; some can only with all their tokens.",
	})
	telling(&in, false)
	equal(t, "of one that can tell", said(makePlan(t, in).diags), nil)
	in.Targets = targets("renewal.offer")
	in.Accounts["chat"] = a
	equal(t, "of what is not planned", said(makePlan(t, in).diags), nil)
}

// A message whose expressions name facts can be looked at for a person only where there are any.
func TestTryNamesNoFacts(t *testing.T) {
	c := talkWith(t, "messages.offer.replied", `"You said ${messages.offer.reply}"`)
	trial, diags, err := Try(context.Background(), c, accounts(c), addr.Message{Sequence: "renewal", Name: "ask"}, "ada")
	if trial != nil || err != nil || len(diags) != 1 || diags[0].Summary != "No earlier messages" {
		t.Errorf("%v %q %v", trial, said(diags), err)
	}
	if trial, diags, err = Try(context.Background(), c, accounts(c), addr.Message{Sequence: "renewal", Name: "last"}, "ada"); trial == nil || err != nil {
		t.Errorf("%q %v", said(diags), err)
	}
}

// Facts of a message that is not planned are those of the ledger, whoever can tell them.
func TestFactsBehindTargets(t *testing.T) {
	c := talkWith(t, "!messages.offer.read", `"Ask"`)
	offer := row("offer", "ada", state.Sent, noon, textHash("Offer"))
	in := input(c)
	in.Targets, in.View = targets("renewal.ask"), rows(offer)
	telling(&in, false)
	m := good(t, in)
	equal(t, "plan", m.did(), []string{`waits renewal.ask["ada"]: waits for messages.offer.read`})
	in.Read = map[addr.Send]bool{m.Wants[0]: true}
	equal(t, "read", good(t, in).did(), []string{`send renewal.ask["ada"]`})
}
