package wire

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"herald/providers"
)

// MaxReason bounds the texts of an Outcome, in characters.
const MaxReason = 300

// hidden stands where a secret was.
const hidden = "[secret]"

// minSecret is the length in bytes from which a secret is worth hiding. A shorter one is no secret to anybody who can
// count, and taking each of its letters out of a text would only show it.
const minSecret = 4

// cleaner makes texts from outside fit for an Outcome.
type cleaner struct{ secrets *strings.Replacer }

// newCleaner knows the secrets of an account, as they are and as libraries and vendors escape them.
func newCleaner(f providers.Facts, a providers.Account) cleaner {
	var forms []string
	for _, s := range f.Settings {
		secret := a.Settings.String(s.Name)
		if !s.Secret || len(secret) < minSecret {
			continue
		}
		quoted := strconv.Quote(secret)
		query := url.QueryEscape(secret)
		path := url.PathEscape(secret)
		forms = append(forms, secret, query, strings.ToLower(query), path, strings.ToLower(path), Segment(secret),
			quoted[1:len(quoted)-1], html.EscapeString(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)))
		if text, err := json.Marshal(secret); err == nil {
			forms = append(forms, string(text[1:len(text)-1]))
		}
		if text, err := JSON(secret); err == nil {
			forms = append(forms, string(text[1:len(text)-1]))
		}
	}
	// At one place the replacer takes the form named first: longest first, so that a secret which begins another
	// leaves no tail of it.
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	forms = slices.Compact(forms)
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, hidden)
	}
	return cleaner{strings.NewReplacer(pairs...)}
}

// line makes one bounded line without secrets. Other control characters stay: whoever prints escapes them.
func (c cleaner) line(s string) string {
	// Before anything is cut or joined, since a part of a secret is recognised no more; and again after, since joining
	// lines could make one.
	s = strings.ToValidUTF8(c.secrets.Replace(s), "\uFFFD")
	if joined := strings.Join(strings.Fields(s), " "); joined != s {
		s = c.secrets.Replace(joined)
	}
	if len(s) <= MaxReason || utf8.RuneCountInString(s) <= MaxReason {
		return s
	}
	return string([]rune(s)[:MaxReason-1]) + "…"
}

// outcome cleans every text of an outcome.
func (c cleaner) outcome(o providers.Outcome) providers.Outcome {
	for _, s := range []*string{&o.Reason, &o.ID, &o.Status, &o.Note} {
		if *s != "" {
			*s = c.line(*s)
		}
	}
	return o
}
