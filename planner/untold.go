package planner

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"herald/providers"
	"herald/spec"
)

// untold warns of facts that can never become known, once for each expression.
func (m *maker) untold(s *sequence) {
	for _, r := range s.messages {
		if !r.choice.any() {
			continue
		}
		exprs := slices.Clone(r.knows.saying)
		if r.msg.When != nil {
			exprs = slices.Insert(exprs, 0, r.msg.When)
		}
		for _, e := range exprs {
			for _, ref := range e.Facts() {
				m.warnUntold(s, e, ref)
			}
		}
	}
}

func (m *maker) warnUntold(s *sequence, e *spec.Expr, ref spec.FactRef) {
	i := slices.IndexFunc(s.messages, func(r *message) bool { return r.msg.Name == ref.Message })
	about, never := providers.Fact(ref.Fact), "false"
	if ref.Fact == "reply" {
		about, never = providers.FactReplied, "null"
	}
	what := map[providers.Fact]string{
		providers.FactDelivered: "whether a message was delivered",
		providers.FactRead:      "whether a message was read",
		providers.FactReplied:   "whether somebody replied",
	}[about]
	if i < 0 || what == "" || s.messages[i].tells(about) {
		return
	}
	m.found.add(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Never known", Subject: e.Range().Ptr(), Detail: fmt.Sprintf(
		"%s cannot tell %s: messages.%s.%s is always %s there. Leave it out, or send %s through an account that can tell; some can only with all their tokens.",
		s.messages[i].Facts.Title, what, ref.Message, ref.Fact, never, ref.Message)}})
}
