package planner

import (
	"fmt"
	"slices"
	"time"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/spec"
)

// choice is which sends of one message are meant: all, or those of some keys.
type choice struct {
	all  bool
	keys map[string]bool // the value says whether somebody with the key was met
}

// choose gives those sends of m that any of the targets covers.
func choose(targets []addr.Target, m addr.Message) choice {
	var c choice
	for _, t := range targets {
		switch {
		case !t.CoversMessage(m):
		case !t.One:
			c.all = true
		default:
			if c.keys == nil {
				c.keys = map[string]bool{}
			}
			c.keys[t.Key] = false
		}
	}
	return c
}

// any reports whether at least one send may be meant.
func (c choice) any() bool { return c.all || len(c.keys) > 0 }

// means reports whether the send to key is meant.
func (c choice) means(key string) bool {
	_, named := c.keys[key]
	return named || c.all
}

// has reports whether the send to key is meant, and remembers that it was met.
func (c choice) has(key string) bool {
	if c.keys == nil {
		return c.all
	}
	_, named := c.keys[key]
	if named {
		c.keys[key] = true
	}
	return named || c.all
}

// checkTargets refuses targets that name no sequence or message of the campaign.
func checkTargets(c *spec.Campaign, flag string, targets []addr.Target) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var sequences []string
	for _, s := range c.Sequences {
		sequences = append(sequences, s.Name)
	}
	for _, t := range targets {
		i := slices.Index(sequences, t.Sequence)
		if i < 0 {
			diags = append(diags, problem("Unknown sequence", "%s=%s: the campaign has no sequence %s.%s", flag, t, addr.Quote(t.Sequence), meant(t.Sequence, sequences)))
			continue
		}
		var messages []string
		for _, m := range c.Sequences[i].Messages {
			messages = append(messages, m.Name)
		}
		if t.Message != "" && !slices.Contains(messages, t.Message) {
			diags = append(diags, problem("Unknown message", "%s=%s: the sequence %s has no message %s.%s", flag, t, addr.Quote(t.Sequence), addr.Quote(t.Message), meant(t.Message, messages)))
		}
	}
	return diags
}

// unmet gives an error for each single send that was named and that nobody in the campaign gets.
func (c choice) unmet(flag string, m addr.Message) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, key := range sortedNames(c.keys) {
		if !c.keys[key] {
			s := addr.Send{Message: m, Key: key}
			diags = append(diags, problem("No such send", "%s=%s: nobody who gets %s has the key %s. Perhaps the person is excluded, left out, or not in the conversation; "+
				"keys are compared byte by byte.", flag, s, m, addr.Quote(key)))
		}
	}
	return diags
}

// meant gives ` Did you mean ...?` where one name is close.
func meant(name string, known []string) string {
	best, nearest := "", 3
	for _, k := range known {
		if d := levenshtein.Distance(name, k, nil); d < nearest && d < len(name) {
			best, nearest = k, d
		}
	}
	if best == "" {
		return ""
	}
	return " Did you mean " + addr.Quote(best) + "?"
}

func problem(summary, format string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...)}
}

// checkReplace refuses a -replace that could do nothing, or that would decide what only a person can.
func (m *maker) checkReplace() {
	for _, t := range m.in.Replace {
		if s, one := t.Send(); one {
			if attempt, open := m.ledger.attempts[s]; open && !m.resent(attempt) {
				m.found.add(hcl.Diagnostics{problem("Send in doubt", "-replace=%s: nobody knows whether it was sent, since %s. "+
					"Find out, then say so: herald state resolve '%s' sent, or unsent. With on_doubt = \"resend\" in its sequence it is sent again without -replace.",
					s, attempt.At.UTC().Format(time.RFC3339), s)})
			}
		}
		known, planned := false, false
		for _, seq := range m.in.Campaign.Sequences {
			for _, msg := range seq.Messages {
				name := addr.Message{Sequence: msg.Sequence, Name: msg.Name}
				if t.CoversMessage(name) {
					known = true
					planned = planned || len(m.in.Targets) == 0 || choose(m.in.Targets, name).any()
				}
			}
		}
		if known && !planned {
			m.found.add(hcl.Diagnostics{problem("Nothing to replace", "-replace=%s: -target leaves out all that it names. Name it as a -target too.", t)})
		}
	}
}
