package providertest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

var (
	statusSaid   = regexp.MustCompile(`(?i)\bHTTP\s+(?:status\s*)?(?:code\s*)?[^\w\s]{0,2}\s*([1-5]\d\d)\b`)
	statusTab    = regexp.MustCompile(`\btab title="([1-5]\d\d)\b`)
	statusReason = regexp.MustCompile(`\b([1-5]\d\d):?\s+([A-Z][A-Za-z' -]*)`)

	counted  = regexp.MustCompile(`(?i)(?:^|[^\w.,/-])(\d+(?:,\d{3})*)\s+(?:[a-z]+\s+)?(RPS|(?:character|request|call|item|element|message|card|button|option|second|minute|hour|day|byte)s?|repl(?:y|ies)|entr(?:y|ies)|KB|MB)\b`)
	bounded  = regexp.MustCompile(`(?i)\b(default|minimum|maximum)(?:,?(?:\s+the)?\s+value)?\s*(?:is|of|:)?\s*(\d+(?:,\d{3})*)`)
	numberOf = regexp.MustCompile(`(?m)^[ \t]*(\d+) [-–] (\w+)[ \t]*$`)
)

// figures finds statuses and limits.
func (r *reader) figures() {
	for _, pattern := range []*regexp.Regexp{statusSaid, statusTab, statusReason} {
		for _, at := range pattern.FindAllStringSubmatchIndex(r.page, -1) {
			digits := r.page[at[2]:at[3]]
			code, _ := strconv.Atoi(digits)
			reason := http.StatusText(code)
			if pattern == statusReason && (reason == "" || !strings.HasPrefix(r.page[at[4]:at[5]], reason)) {
				continue // any other number before a word
			}
			r.add(at[2], "HTTP "+digits)
		}
	}
	prose := tag.ReplaceAllStringFunc(r.prose, untagged)
	for _, at := range counted.FindAllStringSubmatchIndex(prose, -1) {
		r.add(at[2], prose[at[2]:at[3]]+" "+prose[at[4]:at[5]])
	}
	for _, at := range bounded.FindAllStringSubmatchIndex(prose, -1) {
		r.add(at[4], prose[at[4]:at[5]]+" "+strings.ToLower(prose[at[2]:at[3]]))
	}
	for _, at := range numberOf.FindAllStringSubmatchIndex(prose, -1) {
		r.add(at[2], prose[at[2]:at[3]]+" "+prose[at[4]:at[5]])
	}
}

var inline = regexp.MustCompile(`(?i)^</?(?:a|b|code|em|i|mark|span|strong)\b`)

// untagged gives as many other signs as a tag has: bars for one that ends a sentence or cell, so that nothing is read
// across it.
func untagged(tag string) string {
	if inline.MatchString(tag) {
		return blank(tag)
	}
	return fill(tag, '|')
}
