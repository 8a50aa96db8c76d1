package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/internal/testfile"
	"herald/providers"
	"herald/spec"
)

// check finds what a test names that its campaign does not have, and what can never happen, before anything is run.
func (t *trialRun) check() (diags hcl.Diagnostics) {
	problem := func(at hcl.Range, summary, detail string) {
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: at.Ptr()})
	}
	messages := map[string]*spec.Message{}
	for _, seq := range t.session.campaign.Sequences {
		for _, m := range seq.Messages {
			messages[addr.Message{Sequence: seq.Name, Name: m.Name}.String()] = m
		}
	}
	happening := func(h testfile.Happening, fact providers.Fact) {
		name := h.To.Message.String()
		m := messages[name]
		if m == nil {
			problem(h.Range, "Unknown message", fmt.Sprintf("The campaign has no message %s. %s", name, choices(name, slices.Sorted(maps.Keys(messages)))))
			return
		}
		if why := t.untold(t.session.accounts[m.Conversation.Account.Name()], fact); why != "" {
			problem(h.Range, "Impossible happening", why)
		}
	}
	vendors := map[string]bool{}
	for _, a := range t.session.accounts {
		vendors[a.config.Type] = true
	}
	for _, run := range t.file.Runs {
		for _, x := range run.Replies {
			happening(x.Happening, providers.FactReplied)
		}
		for _, x := range run.Reads {
			happening(x, providers.FactRead)
		}
		for _, x := range run.Failures {
			happening(x.Happening, providers.FactFailed)
		}
		for _, x := range run.Faults {
			if !vendors[x.Provider] {
				problem(x.Range, "Unknown provider", fmt.Sprintf("The campaign has no provider %s, so nothing can go wrong with it. %s",
					addr.Quote(x.Provider), choices(x.Provider, slices.Sorted(maps.Keys(vendors)))))
			}
		}
	}
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int { return a.Subject.Start.Byte - b.Subject.Start.Byte })
	return diags
}

// untold says why herald would never hear of something that becomes of an account's messages; "" when it would.
func (t *trialRun) untold(a *account, fact providers.Fact) string {
	what := map[providers.Fact]string{providers.FactReplied: "replies", providers.FactRead: "reads", providers.FactFailed: "failures"}[fact]
	if !slices.Contains(a.facts.Tells, fact) {
		return fmt.Sprintf("%s never tells of %s, so herald would not know of one, and a test cannot have it. Take the block out.", a.config.Type, what)
	}
	if known, _ := a.tells(); !slices.Contains(known, fact) {
		return fmt.Sprintf("%s gives its vendor no address with %s in it, so herald never hears of its %s. Put %s into it, or take the block out.",
			a.config.Name(), providers.TokenMark, what, providers.TokenMark)
	}
	return ""
}

// choices says which names there are, the likely one first.
func choices(name string, known []string) string {
	best, nearest := "", len(name)/3+1
	for _, k := range known {
		if d := levenshtein.Distance(name, k, nil); d < nearest {
			best, nearest = k, d
		}
	}
	if best != "" {
		return "Did you mean " + best + "?"
	}
	more := ""
	if len(known) > mostChoices {
		more = fmt.Sprintf(" and %d more", len(known)-mostChoices)
		known = known[:mostChoices]
	}
	return "It has " + strings.Join(known, ", ") + more + "."
}

// mostChoices is how many names are listed.
const mostChoices = 10
