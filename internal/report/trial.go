package report

import (
	"fmt"
	"io"

	"herald/internal/addr"
	"herald/providers"
)

// Trial is a test send and what came of it.
type Trial struct {
	FormatVersion string         `json:"format_version"`
	Message       string         `json:"message"`
	Contact       string         `json:"contact"`
	Account       string         `json:"account"`
	Verb          providers.Verb `json:"verb"`
	Content       string         `json:"text"`
	Result        string         `json:"result"` // sent, refused, in_doubt or unsent
	Reason        string         `json:"reason,omitempty"`
	ProviderID    string         `json:"provider_id,omitempty"`
	Status        string         `json:"status,omitempty"`
	Run           int64          `json:"run"`
}

// Text prints the trial for people.
func (m Trial) Text(w io.Writer, s Style) {
	done, sign, color := "sent", "+", green
	if m.Verb == providers.Asks {
		done = "asked"
	}
	switch m.Result {
	case "refused":
		done, sign, color = "refused", "!", red
	case "in_doubt":
		done, sign, color = "in doubt: nobody knows whether it left", "?", yellow
	case "unsent":
		done, sign, color = "not sent", "!", red
	}
	says := quoted(m.Content)
	if m.Verb == providers.Asks {
		says = "asks " + says
	}
	fmt.Fprintf(w, "  %s %s  to contact %s  %s  %s\n\n", s.paint(color, sign), m.Message, addr.Quote(m.Contact), m.Account, shorten(says, s.width()))
	line := "Test " + done
	if m.ProviderID != "" {
		line += ", the provider's id is " + Escape(m.ProviderID)
	}
	fmt.Fprintf(w, "%s.\n", s.paint(color, line))
	if m.Reason != "" {
		fmt.Fprintln(w, s.wrap(Escape(m.Reason)))
	}
	fmt.Fprintf(w, "Run %d; what apply sends is as it was.\n", m.Run)
}
