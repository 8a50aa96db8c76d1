package planner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
	"herald/state"
)

const renewal = `
-- main.hcl --
provider "chat" {
}
provider "post" {
}
contacts "customers" {
  source = "customers.csv"
  key    = "id"
}
conversation "chat" {
  provider = chat
  with     = contacts.customers
  to       = contact.chat
}
conversation "post" {
  provider = post
  with     = contacts.customers
  to       = contact.email
}
sequence "renewal" {
  conversation = conversation.chat
  message "offer" {
    text = "Hi ${contact.name}"
  }
  message "letter" {
    conversation = conversation.post
    attachment {
      type = "image"
      url  = "https://example.com/${contact.id}.png"
    }
  }
  message "ask" {
    quick_replies {
      title   = "Renew?"
      replies = ["Yes", "Later, ${contact.name}"]
    }
    chat {
      priority = 3
      quiet    = true
    }
  }
}
-- customers.csv --
id,name,chat,email
c1,Ada,t1,ada@example.com
c2,Bob,t2,bob@example.com
`

func TestFirstPlan(t *testing.T) {
	m := good(t, input(campaign(t, renewal)))
	equal(t, "steps", m.did(), []string{
		`send renewal.offer["c1"]`, `send renewal.letter["c1"]`, `send renewal.ask["c1"]`,
		`send renewal.offer["c2"]`, `send renewal.letter["c2"]`, `send renewal.ask["c2"]`,
	})
	var requests, needs []string
	for _, s := range m.steps[:3] {
		requests = append(requests, s.Account+" "+s.Request.Method+" "+s.Request.Path+" "+string(s.Request.Body))
		needs = append(needs, s.Needs.Message+"@"+s.Needs.Account)
		if s.Leads != (s.Send.Name != "ask") {
			t.Errorf("%s leads: %v", s.Send, s.Leads)
		}
	}
	equal(t, "needs", needs, []string{"@", "offer@chat", "letter@post"})
	equal(t, "requests", requests, []string{
		`chat POST /t1 {"content":{"text":"Hi Ada"},"options":{}}`,
		`post POST /ada@example.com {"content":{"attachment":{"Type":"image","URL":"https://example.com/c1.png"}},"options":{}}`,
		`chat POST /t1 {"content":{"quick_replies":{"Title":"Renew?","Replies":["Yes","Later, Ada"]}},"options":{"priority":3,"quiet":true}}`,
	})
	var samples []string
	for _, g := range m.Groups {
		samples = append(samples, g.Message.String()+" "+g.Account+" "+g.Samples[0].Text)
		if g.Count != 2 || g.Action != Send || len(g.Samples) != 2 {
			t.Errorf("group %+v", g)
		}
	}
	equal(t, "samples", samples, []string{"renewal.offer chat Hi Ada", "renewal.letter post image https://example.com/c1.png", "renewal.ask chat Renew? [Yes] [Later, Ada]"})
	if len(m.Lanes) != 2 || m.Lanes[0].Account != "chat" || m.Lanes[0].Sends != 4 || m.Lanes[1].Sends != 2 {
		t.Errorf("lanes %+v", m.Lanes)
	}
	if want := 3 * 101 * time.Millisecond; m.Lanes[0].Takes != want {
		t.Errorf("four sends at 10/s take %v, want %v", m.Lanes[0].Takes, want)
	}
	if len(m.Definitions) != 3 || m.Definitions[0].Hash != m.steps[0].Definition || m.Definitions[0].Source == "" {
		t.Errorf("definitions %+v", m.Definitions)
	}
	if m.KeyAttributes["customers"] != "id" || m.Sends() != 6 || m.Created != noon || m.Format != FormatVersion {
		t.Errorf("plan %+v", m.Plan)
	}
}

func TestAgainAndChanged(t *testing.T) {
	c := campaign(t, renewal)
	in := input(c)
	first := good(t, in)
	in.View = after(nil, first, sent)
	second := good(t, in)
	if second.Sends() != 0 || second.Counts[Unchanged] != 6 || len(second.Groups) != 0 || len(second.Lanes) != 0 {
		t.Errorf("the second plan: %v", second.did())
	}
	if first.Digest == second.Digest {
		t.Error("two plans, one digest")
	}

	view := in.View
	in = input(campaign(t, strings.Replace(renewal, "c1,Ada", "c1,Eva", 1)))
	in.View = view
	equal(t, "kept", good(t, in).did(), []string{
		`kept renewal.offer["c1"]`, `unchanged renewal.letter["c1"]`, `kept renewal.ask["c1"]`,
		`unchanged renewal.offer["c2"]`, `unchanged renewal.letter["c2"]`, `unchanged renewal.ask["c2"]`,
	})
	in.Campaign = campaign(t, strings.NewReplacer("c1,Ada", "c1,Eva", `sequence "renewal" {`, "sequence \"renewal\" {\n on_change = \"resend\"\n").Replace(renewal))
	equal(t, "resent", good(t, in).did()[:3], []string{
		`resend renewal.offer["c1"]: content changed`, `unchanged renewal.letter["c1"]`, `resend renewal.ask["c1"]: content changed`,
	})
	in.Campaign = campaign(t, strings.Replace(renewal, "c1,Ada,t1", "c1,Ada,t9", 1))
	if m := good(t, in); m.Sends() != 0 {
		t.Errorf("another destination: %v", m.did())
	}
}

func TestStandingInTheWay(t *testing.T) {
	in := input(campaign(t, renewal))
	first := good(t, in)
	outcomes := func(offer, letter state.State) *state.View {
		return after(nil, made{Plan: first.Plan, steps: first.steps[:2]}, func(s Step) state.State {
			if s.Send.Name == "offer" {
				return offer
			}
			return letter
		})
	}
	for _, tt := range []struct {
		offer, letter state.State
		replace       []addr.Target
		want          []string
	}{
		{offer: state.Refused, want: []string{`refused renewal.offer["c1"]: refused before; nothing changed`,
			`blocked renewal.letter["c1"]: blocked by renewal.offer`, `blocked renewal.ask["c1"]: blocked by renewal.offer`}},
		{offer: state.InDoubt, want: []string{`in_doubt renewal.offer["c1"]`,
			`blocked renewal.letter["c1"]: blocked by renewal.offer`, `blocked renewal.ask["c1"]: blocked by renewal.offer`}},
		{offer: state.Sending, want: []string{`in_doubt renewal.offer["c1"]: a run may be sending it now`,
			`blocked renewal.letter["c1"]: blocked by renewal.offer`, `blocked renewal.ask["c1"]: blocked by renewal.offer`}},
		{offer: state.Sent, letter: state.Refused, want: []string{`unchanged renewal.offer["c1"]`,
			`refused renewal.letter["c1"]: refused before; nothing changed`, `blocked renewal.ask["c1"]: blocked by renewal.letter`}},
		{offer: state.Untried, letter: state.Sent, want: []string{`passed renewal.offer["c1"]: a later message was already sent`,
			`unchanged renewal.letter["c1"]`, `send renewal.ask["c1"]`}},
		{offer: state.Untried, letter: state.InDoubt, want: []string{`passed renewal.offer["c1"]: a later message was already sent`,
			`in_doubt renewal.letter["c1"]`, `blocked renewal.ask["c1"]: blocked by renewal.letter`}},
		{offer: state.Refused, replace: targets("renewal.offer"), want: []string{`resend renewal.offer["c1"]: -replace`, `send renewal.letter["c1"]`, `send renewal.ask["c1"]`}},
		{offer: state.InDoubt, replace: targets("renewal"), want: []string{`in_doubt renewal.offer["c1"]`,
			`blocked renewal.letter["c1"]: blocked by renewal.offer`, `blocked renewal.ask["c1"]: blocked by renewal.offer`}},
		{offer: state.Sent, letter: state.Sent, replace: targets(`renewal.offer["c1"]`), want: []string{`resend renewal.offer["c1"]: -replace`,
			`unchanged renewal.letter["c1"]`, `send renewal.ask["c1"]`}},
	} {
		in.View, in.Replace = outcomes(tt.offer, tt.letter), tt.replace
		m := good(t, in)
		equal(t, tt.offer.String()+" "+tt.letter.String(), m.did()[:3], tt.want)
		for _, g := range m.Groups {
			if g.Action == InDoubt && !g.Samples[0].At.Equal(noon) {
				t.Errorf("in doubt since %v", g.Samples[0].At)
			}
		}
	}
}

func TestRefusedIsTriedAgainWhenChanged(t *testing.T) {
	in := input(campaign(t, renewal))
	in.View = after(nil, good(t, in), func(Step) state.State { return state.Refused })
	for change, want := range map[string]string{
		"c1,Eva,t1,": `resend renewal.offer["c1"]: refused before; content changed`,
		"c1,Ada,t9,": `resend renewal.offer["c1"]: refused before; destination changed`,
		"c1,Eva,t9,": `resend renewal.offer["c1"]: refused before; content and destination changed`,
	} {
		in.Campaign = campaign(t, strings.Replace(renewal, "c1,Ada,t1,", change, 1))
		if got := good(t, in).did()[0]; got != want {
			t.Errorf("%s: %s, want %s", change, got, want)
		}
	}
}

func targets(names ...string) []addr.Target {
	var all []addr.Target
	for _, n := range names {
		t, err := addr.Parse(n)
		if err != nil {
			panic(err)
		}
		all = append(all, t)
	}
	return all
}

func TestTargets(t *testing.T) {
	in := input(campaign(t, renewal))
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"renewal.offer", []string{`send renewal.offer["c1"]`, `send renewal.offer["c2"]`}},
		{`renewal.offer["c2"]`, []string{`send renewal.offer["c2"]`}},
		{"renewal.ask", []string{`blocked renewal.ask["c1"]: blocked by renewal.offer`, `blocked renewal.ask["c2"]: blocked by renewal.offer`}},
	} {
		in.Targets = targets(tt.name)
		equal(t, tt.name, good(t, in).did(), tt.want)
	}
	in.Targets = targets("renewal.offer")
	in.View = after(nil, good(t, in), sent)
	in.Targets = targets("renewal.letter")
	equal(t, "what comes next", good(t, in).did(), []string{`send renewal.letter["c1"]`, `send renewal.letter["c2"]`})

	for name, want := range map[string]string{
		"renewals":            `Unknown sequence: -target=renewals: the campaign has no sequence "renewals". Did you mean "renewal"?`,
		"renewal.ofer":        `Unknown message: -target=renewal.ofer: the sequence "renewal" has no message "ofer". Did you mean "offer"?`,
		`renewal.offer["c9"]`: `No such send: -target=renewal.offer["c9"]: nobody who gets renewal.offer has the key "c9".`,
	} {
		in.Targets = targets(name)
		m := makePlan(t, in)
		if got := said(m.diags); m.Plan != nil || len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	in.Targets, in.Replace = nil, targets("renewa")
	if m := makePlan(t, in); m.Plan != nil || !strings.Contains(said(m.diags)[0], `-replace=renewa`) {
		t.Errorf("-replace: %q", said(m.diags))
	}
}

// Who is not meant cannot spoil a plan.
func TestTargetPassesOverOthers(t *testing.T) {
	in := input(campaign(t, strings.Replace(renewal, "bob@example.com", "bob", 1)))
	in.Targets = targets(`renewal.letter["c1"]`)
	equal(t, "steps", good(t, in).did(), []string{`blocked renewal.letter["c1"]: blocked by renewal.offer`})
	in.Targets = targets(`renewal.letter["c2"]`)
	if m := makePlan(t, in); m.Plan != nil {
		t.Errorf("a bad address is taken: %v", m.did())
	}
	in.Targets, in.Replace = targets("renewal.offer"), targets("renewal.letter")
	if m := makePlan(t, in); m.Plan != nil || !strings.HasPrefix(said(m.diags)[0], "Nothing to replace: -replace=renewal.letter: ") {
		t.Errorf("%q", said(m.diags))
	}
}

func TestReplaceInDoubt(t *testing.T) {
	in := input(campaign(t, renewal))
	in.View = after(nil, good(t, in), func(Step) state.State { return state.InDoubt })
	in.Replace = targets(`renewal.offer["c1"]`)
	m := makePlan(t, in)
	if m.Plan != nil || !strings.Contains(said(m.diags)[0], "herald state resolve 'renewal.offer[\"c1\"]' sent") {
		t.Errorf("%q", said(m.diags))
	}
	in.Campaign = campaign(t, onDoubt("assume_sent", renewal))
	if m := makePlan(t, in); m.Plan != nil || !strings.HasPrefix(said(m.diags)[0], "Send in doubt: ") {
		t.Errorf("assume_sent: %q", said(m.diags))
	}
	in.Campaign = campaign(t, onDoubt("resend", renewal))
	equal(t, "resend", good(t, in).did()[:1], []string{`resend renewal.offer["c1"]: in doubt; on_doubt = "resend"`})
	in.View = after(nil, good(t, input(in.Campaign)), func(Step) state.State { return state.Sending })
	if m := makePlan(t, in); m.Plan != nil || !strings.HasPrefix(said(m.diags)[0], "Send in doubt: ") {
		t.Errorf("while a run is alive: %q", said(m.diags))
	}
}

func TestLimit(t *testing.T) {
	in := input(campaign(t, renewal))
	all := good(t, in)
	for limit := range 8 {
		in.Limit = limit
		m := good(t, in)
		equal(t, "steps", m.did(), all.did()[:min(limit, 6)])
		if m.Unsent != max(6-limit, 0) || m.Sends() != min(limit, 6) {
			t.Errorf("limit %d: %d sends, %d unsent", limit, m.Sends(), m.Unsent)
		}
		if n := len(m.steps); n > 0 && m.steps[n-1].Leads {
			t.Errorf("limit %d: the last step leads to none", limit)
		}
	}
}

func TestGoneButInDoubt(t *testing.T) {
	in := input(campaign(t, renewal))
	in.View = after(nil, good(t, in), func(Step) state.State { return state.InDoubt })
	in.Campaign = campaign(t, strings.Replace(strings.Replace(renewal, "c1,Ada,t1,ada@example.com\n", "", 1), `message "offer"`, `message "first"`, 1))
	m := good(t, in)
	var groups []string
	for _, g := range m.Groups {
		for _, s := range g.Samples {
			groups = append(groups, string(g.Action)+" "+s.Send.String()+" "+g.Account+" "+g.Provider+" "+g.Reason)
		}
	}
	equal(t, "groups", groups, []string{
		`passed renewal.first["c2"] chat chat a later message was already sent`,
		`in_doubt renewal.letter["c2"] post post `,
		`in_doubt renewal.letter["c1"] post post no longer among those written to`,
		`in_doubt renewal.ask["c2"] chat chat `,
		`in_doubt renewal.ask["c1"] chat chat no longer among those written to`,
		`in_doubt renewal.offer["c1"] chat chat no longer among those written to`,
		`in_doubt renewal.offer["c2"] chat chat no longer among those written to`,
	})
	if m.Counts[InDoubt] != 6 || m.Left != 1 {
		t.Errorf("%d in doubt, %d left", m.Counts[InDoubt], m.Left)
	}
}

func TestGuards(t *testing.T) {
	in := input(campaign(t, renewal))
	in.View = after(nil, good(t, in), sent)
	in.Campaign = campaign(t, strings.NewReplacer("\nc1,", "\nx1,", "\nc2,", "\nx2,").Replace(renewal))
	m := good(t, in)
	if len(m.Forbidden) != 3 || !strings.Contains(m.Forbidden[0].Detail, "Of the 2 people recorded for renewal.offer, 2 are no longer there, and 2 new ones are.") {
		t.Errorf("forbidden: %+v", m.Forbidden)
	}
	in.AcceptNewKeys = true
	if m := good(t, in); len(m.Forbidden) != 0 || m.Sends() != 6 || m.Left != 2 {
		t.Errorf("with -accept-new-keys: %+v, %d left", m.Forbidden, m.Left)
	}
	in.AcceptNewKeys = false
	in.Campaign = campaign(t, strings.Replace(renewal, "\nc1,", "\nx1,", 1))
	if m := good(t, in); len(m.Forbidden) != 0 {
		t.Errorf("half of the people: %+v", m.Forbidden)
	}

	in.Campaign = campaign(t, strings.Replace(renewal, `key    = "id"`, `key    = "email"`, 1))
	in.View = &state.View{KeyAttributes: map[string]string{"customers": "id"}}
	refused := makePlan(t, in)
	if got := said(refused.diags); refused.Plan != nil || len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:7:12 Another key attribute: ") {
		t.Errorf("another key attribute: %q", got)
	}
	in.AcceptNewKeys = true
	good(t, in)
}

func TestOwnConversationWithOtherPeople(t *testing.T) {
	c := campaign(t, strings.NewReplacer(
		"conversation \"post\" {\n  provider = post\n  with     = contacts.customers", "contacts \"readers\" {\n  source = \"readers.csv\"\n  key = \"id\"\n}\nconversation \"post\" {\n  provider = post\n  with     = contacts.readers",
		"-- customers.csv --", "-- readers.csv --\nid,email\nc2,x\nc3,y\n-- customers.csv --").Replace(renewal))
	for _, got := range [][]string{said(Check(c, accounts(c))), said(makePlan(t, input(c)).diags)} {
		if len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:28:3 Conversation with other people: The message is sent in conversation.post, ") {
			t.Errorf("%q", got)
		}
	}
}

func TestOrderOfBlocksNeverMatters(t *testing.T) {
	c := campaign(t, renewal)
	in := input(c)
	want := good(t, in)
	i := strings.Index(renewal, "sequence \"renewal\"")
	j := strings.Index(renewal, "-- customers.csv")
	k := strings.Index(renewal, "provider \"chat\"")
	in.Campaign = campaign(t, renewal[:k]+renewal[i:j]+renewal[k:i]+renewal[j:])
	got := good(t, in)
	if got.Digest != want.Digest || !slices.Equal(got.did(), want.did()) {
		t.Errorf("other order, other plan: %v", got.did())
	}
}

func TestCallerStops(t *testing.T) {
	in := input(campaign(t, renewal))
	full := errors.New("no space left")
	n := 0
	_, _, err := Make(context.Background(), in, func(*Step) error { n++; return full })
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("%v after %d steps", err, n)
	}
	var rows strings.Builder
	for range 2000 {
		rows.WriteString("c" + strings.Repeat("x", rows.Len()%50) + ",Ada,t,a@b.de\n")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in.Campaign = campaign(t, renewal+rows.String())
	if _, _, err := Make(ctx, in, func(*Step) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

// With unique_by, a changed key writes to nobody again, so that there is nothing to forbid; what would go out is forbidden
// and still counted.
func TestForbiddenIsCounted(t *testing.T) {
	plan := func(rows string) Input {
		return input(campaign(t, peopleCampaign(csvSource+`
audience "all" {
  include   = [contacts.people]
  unique_by = contact.phone
}
`, "audience.all", "Hi", "-- people.csv --\nid,phone\n"+rows)))
	}
	view := after(nil, good(t, plan("c1,+4911\nc2,\n")), sent)
	in := plan("d1,+4911\n")
	in.View = view
	if m := good(t, in); m.Sends() != 0 || len(m.Forbidden) != 0 {
		t.Errorf("nothing to send: %+v", m.Forbidden)
	}
	in = plan("d1,+4911\nd2,\n")
	in.View = view
	m := good(t, in)
	if m.Sends() != 1 || len(m.Groups) != 1 || m.Groups[0].Count != 1 || len(m.Forbidden) != 1 {
		t.Errorf("%d sends, groups %+v, forbidden %+v", m.Sends(), m.Groups, m.Forbidden)
	}
	in.Limit = 0
	if m := good(t, in); m.Unsent != 1 || len(m.Forbidden) != 1 {
		t.Errorf("beyond the limit: %d, forbidden %+v", m.Unsent, m.Forbidden)
	}
}

func TestReach(t *testing.T) {
	const sources = csvSource + `
contacts "out" {
  source = "out.csv"
  key    = "id"
  where  = contact.id != "9"
}
audience "all" {
  include = [contacts.people]
  exclude = [contacts.out]
  where   = contact.plan == "gold"
}
`
	const out = "-- out.csv --\nid\n9\nc3\n"
	for _, tt := range []struct {
		rows string
		want Reach
	}{
		{"c1,gold\nc2,tin\nc3,gold\nc4,tin\nc5,gold\n", Reach{Sequence: "s", People: 2, Dropped: 2}},
		{"c1,tin\n", Reach{Sequence: "s", People: 0, Dropped: 1}},
		{"c3,gold\n", Reach{Sequence: "s", People: 0, Dropped: 0}},
		{"", Reach{Sequence: "s", People: 0, Dropped: 0}},
	} {
		in := input(campaign(t, peopleCampaign(sources, "audience.all", "Hi", "-- people.csv --\nid,plan\n"+tt.rows, out)))
		m := good(t, in)
		joined := tt.want
		joined.Joined = tt.want.People
		if len(m.Reach) != 1 || m.Reach[0] != joined {
			t.Errorf("%q: %+v, want %+v", tt.rows, m.Reach, joined)
		}
		in.View = after(nil, m, sent)
		if m := good(t, in); m.Sends() != 0 || m.Reach[0] != tt.want {
			t.Errorf("%q, when all have it: %+v", tt.rows, m.Reach)
		}
	}
}
