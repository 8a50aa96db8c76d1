package spec

import (
	"fmt"
	"strings"
	"testing"
)

// doubting is a sequence that says on_doubt, or nothing of it, and a message with more in it.
func doubting(onDoubt, inMessage string) string {
	return fmt.Sprintf(`
variable "doubt" {
  default = "resend"
}
provider "heyx" {}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "viber" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyx_id
}
sequence "s" {
  conversation = conversation.viber
  on_change    = var.doubt
  %s
  message "m" {
    text = "hi"
    %s
  }
}
`, onDoubt, inMessage)
}

func TestOnDoubt(t *testing.T) {
	for _, tt := range []struct {
		text string
		want OnDoubt
	}{
		{"", DoubtHold},
		{`on_doubt = "hold"`, DoubtHold},
		{`on_doubt = "resend"`, DoubtResend},
		{`on_doubt = "assume_sent"`, DoubtAssumeSent},
		{`on_doubt = var.doubt`, DoubtResend},
	} {
		s := load(t, doubting(tt.text, "")).Sequences[0]
		if s.OnDoubt != tt.want || s.OnChange != Resend {
			t.Errorf("%q: %q, want %q", tt.text, s.OnDoubt, tt.want)
		}
	}
}

// Details tell the remedy: what there is, and where it belongs.
func TestOnDoubtRemedies(t *testing.T) {
	for _, tt := range []struct{ text, inMessage, detail string }{
		{`on_doubt = "assume"`, "", `on_doubt cannot be "assume"; it is one of: hold, resend, assume_sent.`},
		{`on_doubt = "assume_send"`, "", `Did you mean "assume_sent"?`},
		{`on_dubt = "hold"`, "", `Did you mean "on_doubt"?`},
		{"", `on_doubt = "hold"`, `A message block has no argument named "on_doubt". It stands in another block: sequence { on_doubt = ... }.`},
		{"", `on_change = "keep"`, `It stands in another block: sequence { on_change = ... }.`},
	} {
		c, diags := Load(write(t, doubting(tt.text, tt.inMessage)), testInputs())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.detail) {
			t.Errorf("%s %s:\n%s", tt.text, tt.inMessage, printed(c, diags))
		}
	}
}
