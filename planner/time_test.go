package planner

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// drip is a sequence over time to two people.
const drip = `
provider "chat" {
}
contact "ada" {
  chat     = "1"
  plan     = "gold"
  timezone = "Europe/Berlin"
}
contact "bob" {
  chat     = "2"
  plan     = "tin"
  timezone = "America/New_York"
}
conversation "chat" {
  provider = chat
  with     = [contact.ada, contact.bob]
  to       = contact.chat
}
sequence "renewal" {
  conversation = conversation.chat
  message "offer" {
    text = "Offer"
  }
  message "gold" {
    when = contact.plan == "gold"
    text = "Gold"
  }
  message "reminder" {
    after = "2d"
    text  = "Reminder"
  }
  message "last" {
    text = "Last"
  }
}
`

// dripWith gives drip with more attributes and blocks in its sequence.
func dripWith(t *testing.T, more string) *spec.Campaign {
	t.Helper()
	return campaign(t, strings.Replace(drip, "  conversation = conversation.chat\n", "  conversation = conversation.chat\n"+more+"\n", 1))
}

// row is a settled send in a ledger.
func row(m, key string, s state.State, at time.Time, content state.Hash) state.Record {
	return state.Record{Send: addr.Send{Message: addr.Message{Sequence: "renewal", Name: m}, Key: key}, State: s, Account: "chat", Content: content, At: at}
}

func rows(all ...state.Record) *state.View {
	r := records{}
	for _, rec := range all {
		r[rec.Send] = rec
	}
	return ledgerOf(r)
}

// textHash is the content of a text.
func textHash(text string) state.Hash {
	return ContentHash(providers.Content{Kind: providers.KindText, Text: text})
}

func TestDelaysAndConditions(t *testing.T) {
	c := campaign(t, drip)
	in := input(c)
	m := good(t, in)
	equal(t, "first", m.did(), []string{
		`send renewal.offer["ada"]`, `send renewal.gold["ada"]`, `waits renewal.reminder["ada"]: 2d after renewal.gold`, `waits renewal.last["ada"]: after renewal.reminder`,
		`send renewal.offer["bob"]`, `skip renewal.gold["bob"]`, `waits renewal.reminder["bob"]: 2d after renewal.gold`, `waits renewal.last["bob"]: after renewal.reminder`,
	})
	if !m.Next.IsZero() || m.Changes() != 4 || m.steps[5].Condition != ConditionHash(c.Sequences[0].Messages[1].WhenSource) {
		t.Errorf("next %s, %d changes, %+v", m.Next, m.Changes(), m.steps[5])
	}

	gold := ConditionHash(c.Sequences[0].Messages[1].WhenSource)
	in.View = rows(
		row("offer", "ada", state.Sent, noon, textHash("Offer")), row("gold", "ada", state.Sent, noon.Add(time.Minute), textHash("Gold")),
		row("offer", "bob", state.Sent, noon, textHash("Offer")), row("gold", "bob", state.Skipped, noon, gold))
	in.Now = noon.Add(time.Hour)
	m = good(t, in)
	equal(t, "then", m.did(), []string{
		`unchanged renewal.offer["ada"]`, `unchanged renewal.gold["ada"]`, `waits renewal.reminder["ada"]: 2d after renewal.gold`, `waits renewal.last["ada"]: after renewal.reminder`,
		`unchanged renewal.offer["bob"]`, `skipped renewal.gold["bob"]`, `waits renewal.reminder["bob"]: 2d after renewal.gold`, `waits renewal.last["bob"]: after renewal.reminder`,
	})
	if due := noon.Add(48 * time.Hour); m.Next != due || m.steps[2].Due != due.Add(time.Minute) || m.steps[6].Due != due {
		t.Errorf("next %s, due %s and %s", m.Next, m.steps[2].Due, m.steps[6].Due)
	}
	for _, g := range m.Groups {
		if g.Message.Name == "reminder" && (g.Action != Waits || g.Count != 2 || g.Due != m.Next || !slices.Equal([]time.Time{g.Samples[0].At, g.Samples[1].At}, []time.Time{m.steps[2].Due, m.Next})) {
			t.Errorf("group %+v", g)
		}
	}

	in.Now = m.Next
	m = good(t, in)
	equal(t, "when the first is due", m.did()[2:], []string{
		`waits renewal.reminder["ada"]: 2d after renewal.gold`, `waits renewal.last["ada"]: after renewal.reminder`,
		`unchanged renewal.offer["bob"]`, `skipped renewal.gold["bob"]`, `send renewal.reminder["bob"]`, `send renewal.last["bob"]`,
	})
	if m.steps[7].Needs.Message != "reminder" {
		t.Errorf("%+v", m.steps[7])
	}
}

// A skipped message is asked again when its condition is another one, and with -replace.
func TestSkippedAgain(t *testing.T) {
	skipped := row("gold", "bob", state.Skipped, noon, ConditionHash("another"))
	for _, tt := range []struct {
		name    string
		text    string
		replace string
		rows    []state.Record
		want    string
	}{
		{name: "another condition, still false", text: drip, rows: []state.Record{skipped}, want: `skip renewal.gold["bob"]`},
		{name: "another condition, true", text: strings.ReplaceAll(drip, `== "gold"`, `== "tin"`), rows: []state.Record{skipped}, want: `send renewal.gold["bob"]`},
		{name: "no condition", text: strings.ReplaceAll(drip, `    when = contact.plan == "gold"`+"\n", ""), rows: []state.Record{skipped}, want: `send renewal.gold["bob"]`},
		{name: "another condition, has a later one", text: drip, rows: []state.Record{skipped, row("reminder", "bob", state.Sent, noon, textHash("Reminder"))},
			want: `passed renewal.gold["bob"]: a later message was already sent`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(campaign(t, tt.text))
			in.View = rows(append(tt.rows, row("offer", "bob", state.Sent, noon, textHash("Offer")))...)
			in.Targets = targets(`renewal.gold["bob"]`)
			equal(t, "plan", good(t, in).did(), []string{tt.want})
		})
	}
	c := campaign(t, drip)
	in := input(c)
	skipped.Content = ConditionHash(c.Sequences[0].Messages[1].WhenSource)
	in.View = rows(skipped, row("offer", "bob", state.Sent, noon, textHash("Offer")))
	in.Targets = targets(`renewal.gold["bob"]`)
	equal(t, "the same condition", good(t, in).did(), []string{`skipped renewal.gold["bob"]`})
	in.Replace = in.Targets
	equal(t, "-replace", good(t, in).did(), []string{`skip renewal.gold["bob"]`})
}

func TestWindowsAndSpans(t *testing.T) {
	sentAll := func(at time.Time) *state.View {
		return rows(row("offer", "ada", state.Sent, at, textHash("Offer")), row("gold", "ada", state.Sent, at, textHash("Gold")))
	}
	office := "window {\n days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n from = \"09:00\"\n to = \"17:00\"\n timezone = contact.timezone\n}"
	for _, tt := range []struct {
		name string
		more string
		now  string
		view *state.View
		edit func(*Input)
		want map[string]string // of offer; message → step
		due  string
		till string // NotAfter of offer to ada
	}{
		{name: "open for one", more: office, now: "2026-12-01T10:00:00Z", // 11:00 and 05:00
			want: map[string]string{"ada": "send", "bob": "waits: outside the window"}, due: "2026-12-01T14:00:00Z", till: "2026-12-01T16:00:00Z"},
		{name: "friday evening", more: office, now: "2026-12-04T16:00:00Z", // 17:00 and 11:00
			want: map[string]string{"ada": "waits: outside the window", "bob": "send"}, due: "2026-12-07T08:00:00Z"},
		{name: "local start", more: office + "\nstart = \"2026-12-02 12:00\"", now: "2026-12-01T10:00:00Z",
			want: map[string]string{"ada": "waits: before the start", "bob": "waits: before the start"}, due: "2026-12-02T11:00:00Z"},
		{name: "until in each zone", more: office + "\nuntil = \"2026-12-02 15:00\"", now: "2026-12-02T14:00:00Z", // 15:00 and 9:00
			want: map[string]string{"ada": "expired", "bob": "send"}},
		{name: "until for all", more: "until = \"2026-12-01T00:00:00Z\"", now: "2026-12-01T00:00:00Z",
			want: map[string]string{"ada": "expired", "bob": "expired"}},
		{name: "sent again outside the window", more: office + "\non_change = \"resend\"", now: "2026-12-05T10:00:00Z",
			view: rows(row("offer", "ada", state.Sent, noon, textHash("Other")), row("offer", "bob", state.Sent, noon, textHash("Offer"))),
			want: map[string]string{"ada": "waits: outside the window", "bob": "unchanged"}, due: "2026-12-07T08:00:00Z"},
		{name: "sent again after until", more: "until = \"2026-12-02T00:00:00Z\"\non_change = \"resend\"", now: "2026-12-05T10:00:00Z",
			view: rows(row("offer", "ada", state.Sent, noon, textHash("Other")), row("offer", "bob", state.Refused, noon, textHash("Other"))),
			want: map[string]string{"ada": "kept: until has passed", "bob": "expired"}},
		{name: "-replace after until", more: "until = \"2026-12-02T00:00:00Z\"", now: "2026-12-05T10:00:00Z",
			view: rows(row("offer", "ada", state.Sent, noon, textHash("Offer"))), edit: func(in *Input) { in.Replace = targets("renewal.offer") },
			want: map[string]string{"ada": "expired", "bob": "expired"}},
		{name: "in doubt outside the window", more: office + "\non_doubt = \"resend\"", now: "2026-12-05T10:00:00Z",
			view: rows(row("offer", "ada", state.InDoubt, noon, textHash("Offer"))),
			want: map[string]string{"ada": `waits: in doubt; on_doubt = "resend", outside the window`, "bob": "waits: outside the window"}, due: "2026-12-07T08:00:00Z"},
		{name: "in doubt after until", more: "until = \"2026-12-02T00:00:00Z\"\non_doubt = \"resend\"", now: "2026-12-05T10:00:00Z",
			view: rows(row("offer", "ada", state.InDoubt, noon, textHash("Offer"))),
			want: map[string]string{"ada": "in_doubt: until has passed", "bob": "expired"}},
		{name: "passed stays passed", more: "until = \"2026-12-02T00:00:00Z\"", now: "2026-12-05T10:00:00Z",
			view: rows(row("last", "ada", state.Sent, noon, textHash("Last"))),
			want: map[string]string{"ada": "passed: a later message was already sent", "bob": "expired"}},
		{name: "has it", more: office, now: "2026-12-05T10:00:00Z", view: sentAll(noon),
			want: map[string]string{"ada": "unchanged", "bob": "waits: outside the window"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(dripWith(t, tt.more))
			var err error
			if in.Now, err = time.Parse(time.RFC3339, tt.now); err != nil {
				t.Fatal(err)
			}
			in.View = tt.view
			if tt.edit != nil {
				tt.edit(&in)
			}
			m, got := good(t, in), map[string]string{}
			for _, s := range m.steps {
				if s.Send.Name == "offer" {
					got[s.Send.Key] = strings.TrimSuffix(fmt.Sprintf("%s: %s", s.Action, s.Reason), ": ")
				}
				if s.Send.String() == `renewal.offer["ada"]` && tt.till != "" && s.NotAfter.Format(time.RFC3339) != tt.till {
					t.Errorf("not after %s, want %s", s.NotAfter, tt.till)
				}
			}
			if !maps.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if tt.due != "" && m.Next.Format(time.RFC3339) != tt.due {
				t.Errorf("next %s, want %s", m.Next, tt.due)
			}
		})
	}
}

// What is in doubt and waits to be sent again can be asked about.
func TestWaitingDoubtIsAskable(t *testing.T) {
	in := input(dripWith(t, "on_doubt = \"resend\"\nstart = \"2027-01-01T00:00:00Z\""))
	first := input(in.Campaign)
	first.Now = noon.AddDate(1, 0, 0)
	made := good(t, first).steps[0]
	attempt := row("offer", "ada", state.InDoubt, noon, made.Content)
	attempt.Destination = made.Destination
	in.View = rows(attempt)
	s := good(t, in).steps[0]
	if s.Action != Waits || !s.FromDoubt || !s.Repeats(&attempt) || s.Due.Year() != 2027 {
		t.Errorf("%+v", s)
	}
}

func TestZoneOfAPerson(t *testing.T) {
	text := `
provider "chat" {
}
contacts "people" {
  source     = "people.csv"
  key        = "id"
  on_invalid = "ON_INVALID"
}
conversation "chat" {
  provider = chat
  with     = contacts.people
  to       = contact.id
}
sequence "renewal" {
  conversation = conversation.chat
  window {
    from     = "09:00"
    to       = "17:00"
    timezone = contact.tz
  }
  message "offer" {
    text = "Hi"
  }
  message "reminder" {
    after = "1d"
    text  = "Hi again"
  }
}
-- people.csv --
id,tz
a,Europe/Berlin
b,
c,Mars/Olympus
d,Local
`
	archive := "-- main.hcl --" + text
	m := makePlan(t, input(campaign(t, strings.ReplaceAll(archive, "ON_INVALID", "error"))))
	if m.Plan != nil {
		t.Fatal("planned")
	}
	var got []string
	for _, d := range m.diags {
		got = append(got, d.Summary)
		if d.Subject.Start.Line != 18 || d.Subject.Start.Column != 16 {
			t.Errorf("%s at %s", d.Summary, d.Subject)
		}
	}
	equal(t, "errors", got, []string{"No timezone", "Invalid timezone"})
	if !strings.HasSuffix(m.diags[0].Detail, `For "b" (people.csv:3).`) {
		t.Errorf("one person, though all messages ask for the zone: %s", m.diags[0].Detail)
	}
	equal(t, "skipping them", good(t, input(campaign(t, strings.ReplaceAll(archive, "ON_INVALID", "skip")))).did(),
		[]string{`send renewal.offer["a"]`, `waits renewal.reminder["a"]: 1d after renewal.offer`})
}

// Beyond the limit nothing is skipped or due that comes after what is not sent.
func TestLimitAndTime(t *testing.T) {
	in := input(campaign(t, drip))
	in.Limit = 0
	m := good(t, in)
	equal(t, "plan", m.did(), []string{
		`waits renewal.reminder["ada"]: 2d after renewal.gold`, `waits renewal.last["ada"]: after renewal.reminder`,
		`waits renewal.gold["bob"]: after renewal.offer`, `waits renewal.reminder["bob"]: 2d after renewal.gold`, `waits renewal.last["bob"]: after renewal.reminder`,
	})
	if m.Unsent != 3 || m.Changes() != 0 || !m.Next.IsZero() {
		t.Errorf("%d unsent, %d changes, next %s", m.Unsent, m.Changes(), m.Next)
	}
}

// A message that was given up holds what follows, and is itself sent again only when that is asked for.
func TestFailedHolds(t *testing.T) {
	in := input(campaign(t, drip))
	offer := row("offer", "ada", state.Sent, noon, textHash("Offer"))
	receipt := state.Receipt{Send: offer.Send, Failed: noon, Reason: "no such number"}
	in.Targets = targets(`renewal.offer["ada"]`, `renewal.gold["ada"]`)
	want := []string{`failed renewal.offer["ada"]: the provider could not deliver it`, `blocked renewal.gold["ada"]: blocked by renewal.offer`}
	in.View = rows(offer).With([]state.Receipt{receipt}, nil)
	m := good(t, in)
	equal(t, "by the ledger", m.did(), want)
	if m.Counts[Failed] != 1 || m.Groups[0].Action != Failed || len(m.Groups[0].Samples) != 1 {
		t.Errorf("%+v", m.Groups)
	}
	in.Targets = targets(`renewal.gold["ada"]`)
	equal(t, "not planned", good(t, in).did(), want[1:])
	in.Targets, in.View, in.Receipts = targets(`renewal.offer["ada"]`, `renewal.gold["ada"]`), rows(offer), map[addr.Send]state.Receipt{offer.Send: receipt}
	equal(t, "just read", good(t, in).did(), want)
	in.Replace = targets("renewal.offer")
	equal(t, "-replace", good(t, in).did(), []string{`resend renewal.offer["ada"]: -replace`, `send renewal.gold["ada"]`})
}

// Skips are approved like sends: another condition makes another plan.
func TestSkipsAreInTheDigest(t *testing.T) {
	digestOf := func(text string) string {
		in := input(campaign(t, text))
		in.Targets, in.View = targets(`renewal.gold["bob"]`), rows(row("offer", "bob", state.Sent, noon, textHash("Offer")))
		m := good(t, in)
		equal(t, "plan", m.did(), []string{`skip renewal.gold["bob"]`})
		return m.Digest
	}
	if digestOf(drip) == digestOf(strings.ReplaceAll(drip, `plan == "gold"`, `plan == "silver"`)) {
		t.Error("one digest for two conditions")
	}
}

// Whoever comes first gets the message, also when both wait; whoever is skipped leaves it to the next.
func TestUniqueAndWaiting(t *testing.T) {
	text := `
provider "chat" {
}
contact "ada" {
  phone    = "+4911"
  timezone = "Asia/Tokyo"
}
contact "bob" {
  phone    = "+4911"
  timezone = "UTC"
}
audience "all" {
  include   = [contact.ada, contact.bob]
  unique_by = contact.phone
}
conversation "chat" {
  provider = chat
  with     = audience.all
  to       = contact.key
}
sequence "renewal" {
  conversation = conversation.chat
  window {
    from     = "09:00"
    to       = "17:00"
    timezone = contact.timezone
  }
  message "offer" {
    WHEN
    text = "Hi"
  }
}
`
	in := input(campaign(t, strings.ReplaceAll(text, "WHEN", ""))) // noon: 21:00 in Tokyo
	equal(t, "one waits, the other could go", good(t, in).did(), []string{`waits renewal.offer["ada"]: outside the window`})
	in.Now = noon.Add(18 * time.Hour)
	equal(t, "both closed", good(t, in).did(), []string{`send renewal.offer["ada"]`})
	in = input(campaign(t, strings.ReplaceAll(text, "WHEN", `when = contact.key != "ada"`)))
	in.Now = noon.Add(14 * time.Hour) // 02:00, 11:00 in Tokyo
	equal(t, "the first is skipped", good(t, in).did(), []string{`skip renewal.offer["ada"]`, `waits renewal.offer["bob"]: outside the window`})
}

// What is wrong with what waits is found before anything leaves.
func TestWaitingIsRendered(t *testing.T) {
	long := strings.ReplaceAll(drip, `"Reminder"`, `"Reminder ${contact.plan} ${contact.plan == "tin" ? "`+strings.Repeat("x", 60)+`" : ""}"`)
	m := makePlan(t, input(campaign(t, long)))
	if m.Plan != nil || len(m.diags) != 1 || m.diags[0].Summary != "Text too long" || !strings.Contains(m.diags[0].Detail, `"bob"`) {
		t.Errorf("%q", said(m.diags))
	}
	office := strings.Replace(long, "  message \"offer\"", "  start = \"2027-01-01 09:00\"\n  window {\n    from = \"09:00\"\n    timezone = contact.timezone\n  }\n  message \"offer\"", 1)
	for _, text := range []string{long, office} { // without a clock, too
		c := campaign(t, text)
		if diags, err := Validate(context.Background(), c, accounts(c)); err != nil || len(diags) != 1 || diags[0].Summary != "Text too long" {
			t.Errorf("%q %v", said(diags), err)
		}
	}
	if m := makePlan(t, input(campaign(t, strings.ReplaceAll(long, `after = "2d"`, `after = "2d"`+"\n"+`when = contact.plan == "gold"`)))); m.Plan == nil {
		t.Errorf("whoever is skipped then: %q", said(m.diags))
	}
}
