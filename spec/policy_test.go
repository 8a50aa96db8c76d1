package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// sequences declares sequences with messages, as in "renewal offer last".
func sequences(all ...string) string {
	var b strings.Builder
	b.WriteString(`
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
`)
	for _, one := range all {
		words := strings.Fields(one)
		fmt.Fprintf(&b, "sequence %q {\n  conversation = conversation.viber\n", words[0])
		for _, m := range words[1:] {
			fmt.Fprintf(&b, "  message %q {\n    text = \"hi\"\n  }\n", m)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func TestPolicies(t *testing.T) {
	c := load(t, sequences("renewal offer", "welcome hello", "bye last")+`
variable "most" {
  default = 10
}
policy "one" {
  sequences = [welcome, renewal]
  max_sends = var.most
  canary {
    size = 10
    hold = "1d12h"
  }
}
policy "all" {
  max_sends        = 0
  max_failure_rate = 1 / 20
  max_per_contact {
    count = 2
    per   = "1w"
  }
}
policy "bare" {
  sequences        = bye
  max_per_contact {
    count = 1
    per   = "1d"
  }
}
`)
	if len(c.Policies) != 3 || c.Policies[0].Name != "all" || c.Policies[1].Name != "bare" || c.Policies[2].Name != "one" {
		t.Fatalf("policies %+v", c.Policies)
	}
	all, bare, one := c.Policies[0], c.Policies[1], c.Policies[2]
	if all.Sequences != nil || all.MaxSends != 0 || all.MaxFailureRate != 0.05 || all.Canary != nil || *all.MaxPerContact != (PerContact{2, 7 * 24 * time.Hour}) {
		t.Errorf("all %+v", all)
	}
	if !all.Covers("renewal") || !all.Covers("gone") || bare.Covers("renewal") || !bare.Covers("bye") || one.Covers("bye") {
		t.Error("the wrong sequences are covered")
	}
	if bare.MaxSends != -1 || bare.MaxFailureRate >= 0 || !slices.Equal(bare.Sequences, []string{"bye"}) {
		t.Errorf("bare %+v", bare)
	}
	if one.MaxSends != 10 || *one.Canary != (Canary{10, 36 * time.Hour}) || !slices.Equal(one.Sequences, []string{"renewal", "welcome"}) {
		t.Errorf("one %+v", one)
	}
	for p, rules := range map[*Policy]string{all: "max_failure_rate max_per_contact max_sends", bare: "max_per_contact sequences", one: "canary max_sends sequences"} {
		var got []string
		for name, at := range p.Ranges {
			got = append(got, name)
			if at.Empty() {
				t.Errorf("%s of %s has no place", name, p.Name)
			}
		}
		if slices.Sort(got); strings.Join(got, " ") != rules {
			t.Errorf("%s has the places of %v", p.Name, got)
		}
	}
}

// Policies that can be meant together are accepted, others are not: both are given with what they say.
func TestPoliciesTogether(t *testing.T) {
	per := func(count int, per string) string {
		return fmt.Sprintf("max_per_contact {\n count = %d\n per = %q\n}", count, per)
	}
	canary := func(size int) string { return fmt.Sprintf("canary {\n size = %d\n hold = \"1d\"\n}", size) }
	const renewal, welcome, both = "sequences = [renewal]", "sequences = [welcome]", "sequences = [renewal, welcome]"
	for _, tt := range []struct{ a, b, want string }{
		{"max_sends = 10", renewal + "\nmax_sends = 20", ""},
		{renewal + "\nmax_sends = 10", welcome + "\nmax_sends = 20", ""},
		{renewal + "\nmax_sends = 10", renewal + "\nmax_sends = 10", "the larger number means nothing. Both cover renewal."},
		{"max_sends = 10", "max_sends = 20", "Both cover all sequences."},
		{canary(20), renewal + "\nmax_sends = 10", ""}, // others of the first wave may get it
		{renewal + "\n" + canary(20), "max_sends = 10", "a first wave of 20 people never fits into a plan of at most 10 sends"},
		{"max_sends = 20", renewal + "\n" + canary(20), ""},
		{"max_sends = 0", canary(20) + "\nmax_sends = 30", ""},
		{renewal + "\n" + canary(20), welcome + "\n" + canary(20), ""},
		{renewal + "\n" + canary(20), both + "\n" + canary(20), "one first wave only. Both cover renewal."},
		{both + "\nmax_failure_rate = 0.5", "max_failure_rate = 0.5", "one rate only at which it stops. Both cover renewal, welcome."},
		{per(1, "1d"), per(3, "1w"), ""},
		{per(3, "1d"), per(2, "1w"), "whoever gets at most 2 in 1w never gets more than 3 in 1d, so that the limit of a means nothing"},
		{per(3, "1w"), per(3, "1w"), "means nothing"},
		{per(3, "1d"), per(3, "1w"), "never gets more than 3 in 1d, so that the limit of a means nothing"},
		{per(3, "1w"), per(3, "1d"), "never gets more than 3 in 1d, so that the limit of b means nothing"},
		{renewal + "\n" + per(2, "1w"), per(3, "1d"), ""}, // of all sequences somebody may get three in a day
		{per(2, "1w"), renewal + "\n" + per(3, "1d"), "the limit of b means nothing"},
		{renewal + "\n" + per(2, "1w"), welcome + "\n" + per(3, "1d"), ""},
	} {
		dir := write(t, sequences("renewal offer", "welcome hello")+"policy \"a\" {\n"+tt.a+"\n}\npolicy \"b\" {\n"+tt.b+"\n}\n")
		c, diags := Load(dir, testInputs())
		switch {
		case tt.want == "" && len(diags) == 0:
		case tt.want == "" || len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.want):
			t.Errorf("%s and %s: want %q\n%s", tt.a, tt.b, tt.want, printed(c, diags))
		case !strings.Contains(diags[0].Detail, "policy a (main.hcl:") || !strings.Contains(diags[0].Detail, "policy b (main.hcl:"):
			t.Errorf("not both places are named:\n%s", printed(c, diags))
		}
	}
}

func TestRateRemedy(t *testing.T) {
	for rate, want := range map[string]string{
		"5": "5 would be 500 %. For 5 % write 0.05.", "12.5": "12.5 would be 1250 %. For 12.5 % write 0.125.", `"5%"`: "without quotes, as in 0.05 for 5 %",
	} {
		_, diags := Load(write(t, sequences("s m")+"policy \"p\" {\n max_failure_rate = "+rate+"\n}\n"), testInputs())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, want) {
			t.Errorf("%s: %v", rate, diags)
		}
	}
}
