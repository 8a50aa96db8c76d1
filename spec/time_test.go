package spec

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/calendar"
)

// timed is a campaign of one sequence s with this in its block, and these messages.
func timed(inSequence, messages string) string {
	return `
variable "day" {
  default = "2026-12-01"
}
locals {
  zone = "Europe/Berlin"
  yes  = "yes"
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
` + inSequence + "\n" + messages + "\n}\n"
}

const oneMessage = `
message "offer" {
  text = "hi"
}
`

func TestTimes(t *testing.T) {
	for _, tt := range []struct {
		name, text   string
		start, until string // in RFC 3339 in Berlin; "" for none
		window       string
	}{
		{"nothing", "", "", "", ""},
		{"offsets", `
			start = "2026-12-01T09:00:00+01:00"
			until = "2026-12-24T12:00:00Z"`, "2026-12-01T09:00:00+01:00", "2026-12-24T13:00:00+01:00", ""},
		{"wall clock", `
			start = "${var.day} 09:00"
			until = "2026-12-02"
			window {
			  timezone = local.zone
			}`, "2026-12-01T09:00:00+01:00", "2026-12-02T00:00:00+01:00", "always"},
		{"wall clock of each person", `
			start = "2026-12-01 09:00:30"
			window {
			  days     = ["sat", "mon", "tue", "wed"]
			  from     = "22:00"
			  to       = "06:00"
			  timezone = contact.plan
			}`, "2026-12-01T09:00:30+01:00", "", "mon-wed,sat 22:00-06:00"},
		{"to only", `
			window {
			  to       = "12:00"
			  timezone = "UTC"
			}`, "", "", "every day 00:00-12:00"},
		{"from only", `
			window {
			  from     = "12:00"
			  timezone = "UTC"
			}`, "", "", "every day 12:00-24:00"},
		{"to midnight", `
			window {
			  from     = "12:00"
			  to       = "00:00"
			  timezone = "UTC"
			}`, "", "", "every day 12:00-00:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := load(t, timed(tt.text, oneMessage)).Sequences[0]
			berlin, err := time.LoadLocation("Europe/Berlin")
			if err != nil {
				t.Fatal(err)
			}
			for want, i := range map[string]*Instant{"start " + tt.start: s.Start, "until " + tt.until: s.Until} {
				name, at, _ := strings.Cut(want, " ")
				switch {
				case i == nil && at != "" || i != nil && at == "":
					t.Errorf("%s is %v", name, i)
				case i != nil && i.In(berlin).Format(time.RFC3339) != at:
					t.Errorf("%s is %s, want %s", name, i.In(berlin), at)
				case i != nil && i.Range.Empty():
					t.Errorf("%s has no range", name)
				}
			}
			if (s.Window == nil) != (tt.window == "") || s.Window != nil && s.Window.String() != tt.window {
				t.Errorf("window %v, want %q", s.Window, tt.window)
			}
		})
	}
}

func TestWindowZone(t *testing.T) {
	c := load(t, timed("window {\n timezone = contact.plan\n}", oneMessage))
	zone, scope := c.Sequences[0].Window.Zone, c.NewScope()
	if names, _ := zone.Attributes(); !zone.PerPerson() || !slices.Equal(names, []string{"plan"}) {
		t.Errorf("the zone names %v", names)
	}
	scope.Set(contact("plan", "Asia/Tokyo"))
	if v, diags := zone.Value(scope); diags.HasErrors() || v.AsString() != "Asia/Tokyo" {
		t.Errorf("%#v %v", v, diags)
	}
	scope.Set(cty.ObjectVal(map[string]cty.Value{"plan": cty.NullVal(cty.String)}))
	if _, diags := zone.Value(scope); !diags.HasErrors() || diags[0].Summary != "Null value" {
		t.Errorf("a person without a zone: %v", diags)
	}
	c = load(t, timed("window {\n timezone = local.zone\n}", oneMessage))
	if w := c.Sequences[0].Window; w.Zone.PerPerson() || w.Zone.Constant().AsString() != "Europe/Berlin" || w.Window != (calendar.Window{Days: calendar.EveryDay, To: 24 * calendar.Hour}) {
		t.Errorf("window %+v", w)
	}
}

// Details tell the remedy.
func TestTimeRemedies(t *testing.T) {
	for _, tt := range []struct{ inSequence, messages, detail string }{
		{`start = "2026-12-01 09:00"`, oneMessage, `as in "2026-12-01T09:00:00Z", or give the sequence a window with a timezone.`},
		{`start = "2026-12-01T09:00"`, oneMessage, `start: not a time: write "2026-12-01T09:00:00+01:00"`},
		{`until = "2026-11-31"`, oneMessage, "until: there is no such day"},
		{"window {\n days = [\"Monday\"]\n timezone = \"UTC\"\n}", oneMessage, `A day cannot be "Monday"; write "mon".`},
		{"window {\n days = [\"mno\"]\n timezone = \"UTC\"\n}", oneMessage, `Did you mean "mon"?`},
		{"window {\n days = [\"mon-fri\"]\n timezone = \"UTC\"\n}", oneMessage, `Name each day by itself`},
		{"window {\n day = [\"mon\"]\n timezone = \"UTC\"\n}", oneMessage, `Did you mean "days"?`},
		{"window {\n from = \"24:00\"\n timezone = \"UTC\"\n}", oneMessage, `Write from = "00:00" and name the day after.`},
		{`timezone = "UTC"`, oneMessage, `It stands in another block: window { timezone = ... }.`},
		{`after = "1d"`, oneMessage, `It stands in another block: message { after = ... }.`},
		{"", "message \"offer\" {\n after = \"1d\"\n text = \"hi\"\n}", `When a sequence begins is said by its start.`},
		{"", oneMessage + "message \"b\" {\n window {\n }\n text = \"hi\"\n}", `It stands in another block: sequence { window { ... } }.`},
		{"", oneMessage + "message \"b\" {\n after = \"2\"\n text = \"hi\"\n}", `after: not a duration`},
		{"", oneMessage + "message \"b\" {\n when = messages.ofer.sent\n text = \"hi\"\n}", `Sequence s has no message "ofer"; those of other sequences cannot be named. Did you mean "offer"? Earlier ones are: offer.`},
		{"", oneMessage + "message \"b\" {\n when = messages.b.sent\n text = \"hi\"\n}", `b is the message that this stands in`},
		{"", "message \"a\" {\n when = messages.offer.sent\n text = \"hi\"\n}" + oneMessage, `offer comes after a in sequence s, so nothing is known of it when a is due. This is the first message`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.replyed\n text = \"hi\"\n}", `Did you mean "replied"? There is: delivered, read, replied, reply, sent, sent_at, status.`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.sent == \"yes\"\n text = \"hi\"\n}", `write messages.offer.sent or !messages.offer.sent.`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.status == \"reed\"\n text = \"hi\"\n}", `Did you mean "read"?`},
		{"", oneMessage + "message \"b\" {\n when = mesages.offer.sent\n text = \"hi\"\n}", `Did you mean "messages"?`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.reply > 5\n text = \"hi\"\n}", `as in try(tonumber(messages.offer.reply), 0).`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.sent_at < \"2026\"\n text = \"hi\"\n}", `as in timecmp(messages.offer.sent_at, "2026-12-01T09:00:00Z") < 0.`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.read >= 1\n text = \"hi\"\n}", `write messages.offer.read or !messages.offer.read.`},
		{"", oneMessage + "message \"b\" {\n when = messages.offer.status > 1\n text = \"hi\"\n}", `Compare with == or !=.`},
		{"window {\n timezone = \"UTC\"\n}\nwindow {\n timezone = \"UTC\"\n}", oneMessage, `A sequence block holds one window block, and has it at `},
		{"start = \"2026-11-28 09:00\"\nuntil = \"2026-11-29\"\nwindow {\n days = [\"mon\"]\n timezone = contact.plan\n}", oneMessage, `The window (mon 00:00-24:00) is not open at any time from start (2026-11-28 09:00, at `},
		{"where = messages.offer.sent", oneMessage, `where stands outside of them`},
	} {
		c, diags := Load(write(t, timed(tt.inSequence, tt.messages)), testInputs())
		if len(diags.Errs()) == 0 || !slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return strings.Contains(d.Detail, tt.detail) }) {
			t.Errorf("%s %s:\n%s\nwant %s", tt.inSequence, tt.messages, printed(c, diags), tt.detail)
		}
	}
}

// overTime is a campaign with all that the language says of time.
var overTime = timed(`
start = "2026-12-01 09:00"
until = "2026-12-24"
window {
  days     = ["mon", "tue", "fri"]
  from     = "22:00"
  to       = "06:00"
  timezone = contact.plan
}
`, oneMessage+`
message "reminder" {
  after = "2d"
  when  = !messages.offer.replied || messages.offer.reply == local.yes
  text  = "You wrote ${messages.offer.reply}"
  heyx {
    force_cancel_survey = messages.offer.read
  }
}
`) + `
policy "calm" {
  sequences        = [s]
  max_sends        = 100
  max_failure_rate = 0.05
  max_per_contact {
    count = 2
    per   = "1w"
  }
  canary {
    size = 10
    hold = "1d"
  }
}
moved {
  from = was
  to   = s
}
moved {
  from = s.call
  to   = s.offer
}
`

func TestOverTime(t *testing.T) {
	c := load(t, overTime)
	if len(c.Policies) != 1 || arrows(c.Moves) != "was -> s, s.call -> s.offer" || c.Sequences[0].Messages[1].After != 48*time.Hour {
		t.Errorf("policies %v, moves %v", c.Policies, c.Moves)
	}
	checkTime(t, c)
}
