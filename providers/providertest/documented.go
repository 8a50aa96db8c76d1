package providertest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// documented is something that a vendor's page documents: a name such as content_type, POST or /v1/messages/{id}, or a
// figure of two words such as "25 RPS" or "HTTP 429".
type documented struct {
	name string
	line int // of the page, from 1
}

func (d documented) String() string { return fmt.Sprintf("%q (line %d)", d.name, d.line) }

// documentedOn finds what a page documents, in the order of the page, each once. It knows no vendor: it reads the forms
// in which documentation is written, in Markdown with or without HTML, or as the bare text of a page.
func documentedOn(page string) []documented {
	r := reader{page: unescaped.Replace(page)}
	r.prose, r.code = split(r.page)
	r.htmlTables()
	r.markdownTables()
	r.paragraphTables()
	r.samples()
	r.spans()
	r.addresses()
	r.figures()
	slices.SortStableFunc(r.all, func(a, b documented) int { return cmp.Compare(a.line, b.line) })
	seen := map[string]bool{}
	return slices.DeleteFunc(r.all, func(d documented) bool {
		again := seen[strings.ToLower(d.name)]
		seen[strings.ToLower(d.name)] = true
		return again
	})
}

// unescaped takes away what Markdown, and a sample within a string, put before a sign.
var unescaped = strings.NewReplacer(`\_`, `_`, `\*`, `*`, `\"`, `"`)

// reader collects what is documented. Prose and code are the page with the other part blanked, so that an offset means
// the same place in all three.
type reader struct {
	page, prose, code string
	all               []documented
}

func (r *reader) add(offset int, name string) {
	r.all = append(r.all, documented{name, 1 + strings.Count(r.page[:offset], "\n")})
}

// each adds the first group of all that a pattern finds.
func (r *reader) each(in string, pattern *regexp.Regexp) {
	for _, at := range pattern.FindAllStringSubmatchIndex(in, -1) {
		r.add(at[2], in[at[2]:at[3]])
	}
}

// split parts a page at its fences.
func split(page string) (prose, code string) {
	var out [2]strings.Builder
	fenced := 0
	for line := range strings.SplitAfterSeq(page, "\n") {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		for i := range out {
			if i == fenced && !fence {
				out[i].WriteString(line)
			} else {
				out[i].WriteString(blank(line))
			}
		}
		if fence {
			fenced = 1 - fenced
		}
	}
	return out[0].String(), out[1].String()
}

// blank gives spaces of the same length, with the line breaks kept.
func blank(s string) string { return fill(s, ' ') }

func fill(s string, sign byte) string {
	out := []byte(s)
	for i, c := range out {
		if c != '\n' {
			out[i] = sign
		}
	}
	return string(out)
}

var (
	member      = regexp.MustCompile(`"([A-Za-z_][\w-]*)"\s*:`)
	typeWord    = regexp.MustCompile(`"(?:\w+_)?type"\s*:\s*"([A-Za-z][\w-]*)"`)
	header      = regexp.MustCompile(`(?:-H|--header)\s+['"]([A-Za-z][\w-]*)\s*:`)
	placeholder = regexp.MustCompile(`\{([A-Za-z_]\w*)\}`)
	method      = regexp.MustCompile(`\b(GET|POST|PUT|PATCH|DELETE)\b`)
	enum        = regexp.MustCompile(`(?m)^[ \t]*Enum:((?:[ \t]*"[\w-]+")+)`)
	enumWord    = regexp.MustCompile(`"([\w-]+)"`)
)

// samples finds the names in samples: members of JSON, the words in members called type, headers of curl, placeholders
// and methods. They are looked for on the whole page, since not every page fences its samples. An Enum line lists words.
func (r *reader) samples() {
	for _, pattern := range []*regexp.Regexp{member, typeWord, header, placeholder, method} {
		r.each(r.page, pattern)
	}
	for _, at := range enum.FindAllStringSubmatchIndex(r.page, -1) {
		for _, w := range enumWord.FindAllStringSubmatch(r.page[at[2]:at[3]], -1) {
			r.add(at[2], w[1])
		}
	}
}

var (
	span     = regexp.MustCompile("`([^`\n]+)`")
	spanName = regexp.MustCompile(`^([A-Za-z_][\w-]*)(?:\s*:[^/].*)?$`)
)

// spans finds the names that prose writes as code, alone or with a value behind a colon.
func (r *reader) spans() {
	for _, at := range span.FindAllStringSubmatchIndex(r.prose, -1) {
		if name := spanName.FindStringSubmatch(strings.TrimSpace(r.prose[at[2]:at[3]])); name != nil {
			r.add(at[2], name[1])
		}
	}
}

var (
	address  = regexp.MustCompile(`(?m)(?:^|[\s'"])(?:https?://[^\s/'"<>]+)?(/[\w{][^\s'"<>?\\]*)`)
	bareLine = regexp.MustCompile(`(?m)^[ \t]*(https?://\S+)[ \t]*$`)
)

// addresses finds the paths of requests: in code, in spans and on lines of their own.
func (r *reader) addresses() {
	r.each(r.code, address)
	for _, where := range []*regexp.Regexp{span, bareLine} {
		for _, at := range where.FindAllStringSubmatchIndex(r.prose, -1) {
			if path := address.FindStringSubmatch(r.prose[at[2]:at[3]]); path != nil {
				r.add(at[2], path[1])
			}
		}
	}
}
