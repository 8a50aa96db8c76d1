package planner

import (
	"strings"
	"testing"
)

func TestFormats(t *testing.T) {
	f := newFormats()
	for attribute, values := range map[string]struct{ good, bad []string }{
		attrEmail: {
			good: []string{"", "a@b.de", "ada.lovelace+x@mail.example.co.uk", "žofie@example.com", strings.Repeat("x", 64) + "@example.com"},
			bad: []string{"a", "a@", "@b.de", "a@b", "a b@c.de", "Ada <a@b.de>", "a@b..de", "a@b.de.", "a@-b.de", "a@b.de,c@d.de", " a@b.de",
				"a@b@c.de", ".a@b.de", strings.Repeat("x", 65) + "@example.com", "a@" + strings.Repeat("x.", 130) + "de", "\"a b\"@c.de"},
		},
		attrPhone: {
			good: []string{"", "+4915112345678", "+12", "+123456789012345"},
			bad:  []string{"4915112345678", "+", "+1", "+0491511", "+49 151", "+1234567890123456", "+49a", "0049151"},
		},
		attrLocale:   {good: []string{"", "en", "de-AT", "zh-Hant-TW", "sr-Latn"}, bad: []string{"en_US", "german", "e", "de-", "x y"}},
		attrTimezone: {good: []string{"", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"}, bad: []string{"Local", "Berlin", "CEST/1", "../etc/passwd", "GMT+25"}},
	} {
		for _, v := range values.good {
			if summary, _ := f.check(attribute, v); summary != "" {
				t.Errorf("%s %q: %s", attribute, v, summary)
			}
		}
		for range 2 { // the second time from memory
			for _, v := range values.bad {
				if summary, remedy := f.check(attribute, v); summary == "" || remedy == "" {
					t.Errorf("%s %q is taken", attribute, v)
				}
			}
		}
	}
}

func TestPlainForms(t *testing.T) {
	for in, want := range map[string]string{"": "", " +49 (151) 12-34 ": "+491511234", "0049 151": "+49151", "49151": "+49151", "none": "", "00": "+00"} {
		if got := plainPhone(in); got != want {
			t.Errorf("phone %q: %q, want %q", in, got, want)
		}
	}
	if got := plainEmail(" Ada@Example.COM\t"); got != "ada@example.com" {
		t.Errorf("e-mail: %q", got)
	}
}
