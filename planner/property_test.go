package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// somebody is a person of the model.
type somebody struct{ key, plan, email, phone string }

// crowds is a random set of sources, and an audience over them, as text and as data.
type crowds struct {
	sources [][]somebody
	exclude []somebody
	by      []string
	where   string // plan that the audience wants, "" for any
	unique  bool
	order   []int // of sources in include
	also    int   // a source that the conversation is with too, -1 for none
	first   bool  // and it stands before the audience
}

func anyCrowds(t *rapid.T) crowds {
	var c crowds
	for s := range rapid.IntRange(1, 3).Draw(t, "sources") {
		keys := rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 0, 8, rapid.ID[int]).Draw(t, fmt.Sprintf("keys %d", s))
		var people []somebody
		for _, k := range keys {
			people = append(people, somebodyOf(t, fmt.Sprint("c", k)))
		}
		c.sources = append(c.sources, people)
		c.order = append(c.order, s)
	}
	c.order = rapid.Permutation(c.order).Draw(t, "order")
	for _, k := range rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 0, 3, rapid.ID[int]).Draw(t, "excluded") {
		c.exclude = append(c.exclude, somebodyOf(t, fmt.Sprint("c", k)))
	}
	c.by = rapid.SampledFrom([][]string{{"key"}, {"email"}, {"phone"}, {"key", "email"}, {"key", "email", "phone"}}).Draw(t, "by")
	c.where = rapid.SampledFrom([]string{"", "gold", "tin"}).Draw(t, "where")
	c.unique = rapid.Bool().Draw(t, "unique")
	c.also, c.first = rapid.IntRange(-1, len(c.sources)-1).Draw(t, "also"), rapid.Bool().Draw(t, "first")
	return c
}

func somebodyOf(t *rapid.T, key string) somebody {
	return somebody{key: key,
		plan:  rapid.SampledFrom([]string{"gold", "tin"}).Draw(t, "plan"),
		email: rapid.SampledFrom([]string{"", "a@b.de", "A@B.de", "c@d.de"}).Draw(t, "email"),
		phone: rapid.SampledFrom([]string{"", "+4911", "+4922", "+4933"}).Draw(t, "phone")}
}

func (c crowds) text() string {
	var blocks, files, include strings.Builder
	write := func(name string, people []somebody) {
		fmt.Fprintf(&blocks, "contacts %q {\n  source = \"%s.csv\"\n  key = \"id\"\n}\n", name, name)
		fmt.Fprintf(&files, "-- %s.csv --\nid,plan,email,phone\n", name)
		for _, p := range people {
			fmt.Fprintf(&files, "%s,%s,%s,%s\n", p.key, p.plan, p.email, p.phone)
		}
	}
	for i, people := range c.sources {
		write(fmt.Sprint("s", i), people)
	}
	write("out", c.exclude)
	for _, i := range c.order {
		fmt.Fprintf(&include, "contacts.s%d, ", i)
	}
	fmt.Fprintf(&blocks, "audience \"all\" {\n  include = [%s]\n  exclude = [contacts.out]\n  exclude_by = [\"%s\"]\n", include.String(), strings.Join(c.by, `", "`))
	if c.where != "" {
		fmt.Fprintf(&blocks, "  where = contact.plan == %q\n", c.where)
	}
	if c.unique {
		blocks.WriteString("  unique_by = contact.phone\n")
	}
	blocks.WriteString("}\n")
	with := "audience.all"
	switch {
	case c.also >= 0 && c.first:
		with = fmt.Sprintf("[contacts.s%d, audience.all]", c.also)
	case c.also >= 0:
		with = fmt.Sprintf("[audience.all, contacts.s%d]", c.also)
	}
	return peopleCampaign(blocks.String(), with, "Hi", files.String())
}

// members is the model: who gets the message, worked out with everybody in memory.
func (c crowds) members() []string {
	covers := func(p somebody) bool {
		return slices.ContainsFunc(c.exclude, func(o somebody) bool {
			return slices.Contains(c.by, "key") && o.key == p.key ||
				slices.Contains(c.by, "email") && p.email != "" && strings.EqualFold(o.email, p.email) ||
				slices.Contains(c.by, "phone") && p.phone != "" && o.phone == p.phone
		})
	}
	type member struct {
		somebody
		unique bool
	}
	out := map[string]bool{} // suppression wins over everything else in the list, whichever source says it
	for _, people := range c.sources {
		for _, p := range people {
			out[p.key] = out[p.key] || covers(p)
		}
	}
	audience := func() (members []member) {
		seen := map[string]bool{}
		for _, i := range c.order {
			for _, p := range c.sources[i] {
				if !seen[p.key] && (c.where == "" || p.plan == c.where) {
					members = append(members, member{p, c.unique && p.phone != ""})
				}
				seen[p.key] = true
			}
		}
		return members
	}
	also := func() (members []member) {
		if c.also >= 0 {
			for _, p := range c.sources[c.also] {
				members = append(members, member{p, false})
			}
		}
		return members
	}
	var all []member
	if c.first {
		all = append(also(), audience()...)
	} else {
		all = append(audience(), also()...)
	}
	var keys []string
	seen, phones := map[string]bool{}, map[string]bool{}
	for _, p := range all {
		again := seen[p.key]
		seen[p.key] = true
		if again || out[p.key] || p.unique && phones[p.phone] {
			continue
		}
		if p.unique {
			phones[p.phone] = true
		}
		keys = append(keys, p.key)
	}
	return keys
}

// Audiences hold whom the model says, in its order; and what was sent is not sent again.
func TestAudiencesAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := anyCrowds(rt)
		in := input(campaign(t, c.text()))
		first := makePlan(t, in)
		if first.Plan == nil {
			rt.Fatalf("no plan: %q", said(first.diags))
		}
		var got []string
		for _, s := range first.steps {
			got = append(got, s.Send.Key)
		}
		if want := c.members(); !slices.Equal(got, want) {
			rt.Fatalf("people %q, want %q\n%s", got, want, c.text())
		}
		in.View = after(nil, first, sent)
		if second := makePlan(t, in); second.Plan == nil || second.Sends() != 0 || second.Counts[Unchanged] != len(got) {
			rt.Fatalf("the second plan: %q", second.did())
		}
	})
}

// Over many runs with random outcomes, edits and flags: nothing that may have been sent is sent again on its own, a
// person's messages never overtake each other, and runs that succeed come to an end.
func TestRunsAgainstAModelLedger(t *testing.T) {
	loaded := map[string]*spec.Campaign{}
	load := func(text string) *spec.Campaign {
		if loaded[text] == nil {
			loaded[text] = campaign(t, text)
		}
		return loaded[text]
	}
	rapid.Check(t, func(rt *rapid.T) {
		messages := []string{"offer", "letter", "ask"}
		var ledger *state.View
		delivered := map[addr.Send]string{} // what people have, or may have
		doubts := []spec.OnDoubt{spec.DoubtHold, spec.DoubtHold, spec.DoubtResend, spec.DoubtAssumeSent}
		for run := range rapid.IntRange(1, 5).Draw(rt, "runs") {
			text := renewal
			if rapid.Bool().Draw(rt, "edited") {
				text = strings.ReplaceAll(text, "Hi ${", fmt.Sprintf("Hi %d ${", run))
			}
			doubt := rapid.SampledFrom(doubts).Draw(rt, "on_doubt")
			in := input(load(onDoubt(doubt, text)))
			in.View, in.Limit = ledger, rapid.IntRange(-1, 6).Draw(rt, "limit")
			if rapid.Bool().Draw(rt, "targeted") {
				in.Targets = targets("renewal." + rapid.SampledFrom(messages).Draw(rt, "target"))
			}
			m := makePlan(t, in)
			if m.Plan == nil {
				rt.Fatalf("no plan: %q", said(m.diags))
			}
			reached := map[string]int{}
			for _, s := range m.steps {
				if s.Action == Assume {
					if doubt != spec.DoubtAssumeSent || delivered[s.Send] != "in_doubt" {
						rt.Fatalf("run %d: %s is taken as sent; it is %q", run, s.Send, delivered[s.Send])
					}
					delivered[s.Send] = "sent"
				}
				if !s.Action.Sends() {
					continue
				}
				again := doubt == spec.DoubtResend && delivered[s.Send] == "in_doubt"
				if s.FromDoubt != again {
					rt.Fatalf("run %d: %s out of doubt: %v, want %v", run, s.Send, s.FromDoubt, again)
				}
				if had, ok := delivered[s.Send]; ok && !again {
					rt.Fatalf("run %d: %s %s, though the person has %s", run, s.Action, s.Send, had)
				}
				place := slices.Index(messages, s.Send.Name)
				for _, before := range messages[:place] {
					sentBefore := delivered[addr.Send{Message: addr.Message{Sequence: "renewal", Name: before}, Key: s.Send.Key}] == "sent"
					if !sentBefore && !inPlan(m.steps, before, s.Send.Key) {
						rt.Fatalf("run %d: %s before %s", run, s.Send, before)
					}
				}
				if place < reached[s.Send.Key] {
					rt.Fatalf("run %d: %s out of order", run, s.Send)
				}
				reached[s.Send.Key] = place
			}
			stopped := map[string]bool{} // the executor sends nothing behind what did not get through
			ledger = after(ledger, m, func(s Step) state.State {
				if stopped[s.Send.Key] {
					return state.Untried
				}
				o := rapid.SampledFrom([]state.State{state.Sent, state.Sent, state.Refused, state.InDoubt, state.Untried}).Draw(rt, s.Send.String())
				stopped[s.Send.Key] = o != state.Sent
				switch o {
				case state.Sent, state.InDoubt:
					delivered[s.Send] = o.String()
				case state.Refused: // with on_doubt = "resend" the vendor's word counts
					delete(delivered, s.Send)
				}
				return o
			})
		}
	})
}

func inPlan(steps []Step, message, key string) bool {
	return slices.ContainsFunc(steps, func(s Step) bool { return s.Action.Sends() && s.Send.Name == message && s.Send.Key == key })
}
