package planner

import (
	"net/mail"
	"strings"
	"time"
	_ "time/tzdata" // what is a timezone must not depend on the machine

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// The attributes whose meaning is fixed, and so their format.
const (
	attrEmail    = "email"
	attrPhone    = "phone"
	attrLocale   = "locale"
	attrTimezone = "timezone"
)

// formats checks attributes with a fixed meaning. It remembers what it found of locales and zones, of which there are
// few.
type formats struct {
	zones   map[string]bool
	locales map[string]bool
}

// maxRemembered bounds both memories, since a broken file may have another zone in every row.
const maxRemembered = 2000

func newFormats() *formats {
	return &formats{zones: map[string]bool{}, locales: map[string]bool{}}
}

// check gives "" when value is good for the attribute, else the summary of the error and how to mend it. An empty value
// is no value, and good.
func (f *formats) check(attribute, value string) (summary, remedy string) {
	if value == "" {
		return "", ""
	}
	switch attribute {
	case attrEmail:
		if !validEmail(value) {
			return "Invalid e-mail address", "An e-mail address looks like ada@example.com, without a name and without spaces."
		}
	case attrPhone:
		if !validPhone(value) {
			return "Invalid phone number", "A phone number is written as E.164 has it: a plus sign, the country code and the number, at most 15 digits and nothing between them, as +4915112345678."
		}
	case attrLocale:
		if !remember(f.locales, value, validLocale) {
			return "Invalid locale", "A locale is a BCP 47 tag, as en, de-AT or zh-Hant."
		}
	case attrTimezone:
		if !remember(f.zones, value, validZone) {
			return "Invalid timezone", "A timezone is a name of the IANA database, as Europe/Berlin or UTC."
		}
	}
	return "", ""
}

func remember(known map[string]bool, value string, check func(string) bool) bool {
	good, seen := known[value]
	if !seen {
		good = check(value)
		if len(known) < maxRemembered {
			known[strings.Clone(value)] = good
		}
	}
	return good
}

// validEmail takes what is used in practice: one address, without a display name, comment or quotes, at a domain with a
// dot. 254 bytes is the longest that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets).
func validEmail(s string) bool {
	if len(s) > 254 || strings.ContainsAny(s, " \t\r\n\"(),:;<>[\\]") {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 {
		return false
	}
	domain := s[at+1:]
	if !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}

// validPhone is E.164: a plus sign and up to fifteen digits, the first not zero.
func validPhone(s string) bool {
	if len(s) < 3 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// validLocale wants hyphens: the library takes underscores too, other systems do not.
func validLocale(s string) bool {
	if strings.ContainsRune(s, '_') {
		return false
	}
	_, err := language.Parse(s)
	return err == nil
}

func validZone(s string) bool { return zoneOf(s) != nil }

// zoneOf gives a zone by its name, nil when there is none. It refuses Local, which is another zone on each machine.
func zoneOf(s string) *time.Location {
	if s == "" || s == "Local" || len(s) > 64 {
		return nil
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		return nil
	}
	return zone
}

// plainEmail gives an e-mail address as it is compared: exclusion must not hang on capitals, on
// spaces around it, or on how an accent is written.
func plainEmail(s string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) }

// plainPhone gives a phone number as it is compared: its digits behind a plus sign; 00 in front is a plus sign too,
// and (0) behind a country code is what is dialled at home only.
func plainPhone(s string) string {
	digits := make([]byte, 1, 16)
	digits[0] = '+'
	s = strings.TrimSpace(s)
	plus := strings.HasPrefix(s, "+")
	if plus || strings.HasPrefix(s, "00") || strings.HasPrefix(s, "(+") {
		s = strings.Replace(s, "(0)", "", 1)
	}
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			digits = append(digits, s[i])
		}
	}
	if len(digits) == 1 {
		return ""
	}
	if !plus && len(digits) > 3 && digits[1] == '0' && digits[2] == '0' {
		digits = append(digits[:1], digits[3:]...)
	}
	return string(digits)
}
