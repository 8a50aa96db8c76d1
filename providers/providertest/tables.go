package providertest

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// identifier is what may be the name of a parameter.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_][\w.-]*$`)

var (
	tag        = regexp.MustCompile(`<[^<>]*>`)
	arrow      = regexp.MustCompile(`\s*(?:->|→)\s*`)
	htmlRow    = regexp.MustCompile(`(?s)<tr\b[^>]*>\s*<td\b[^>]*>(.*?)</td>`)
	htmlMember = regexp.MustCompile(`<li>\s*<strong>([\w.-]+)</strong>\s*:`)
	htmlWords  = regexp.MustCompile(`(\w*)<em>(\w[\w-]*(?:,\s*\w[\w-]*)*)</em>`)
)

// htmlTables finds the first column of HTML tables, the members that a description lists, and in emphasis the words that
// a parameter may be, one or several with commas between them.
func (r *reader) htmlTables() {
	for _, at := range htmlRow.FindAllStringSubmatchIndex(r.prose, -1) {
		r.cell(at[2], r.prose[at[2]:at[3]])
	}
	r.each(r.prose, htmlMember)
	for _, at := range htmlWords.FindAllStringSubmatchIndex(r.prose, -1) {
		r.cell(at[2], r.prose[at[2]:at[1]]) // from the letters before it on, in case the emphasis begins within a word
	}
}

var separatorRow = regexp.MustCompile(`^\s*\|(?:\s*:?-+:?\s*\|)+\s*$`)

// markdownTables finds the first column of Markdown tables, below the line of dashes.
func (r *reader) markdownTables() {
	offset, inside := 0, false
	for line := range strings.SplitAfterSeq(r.prose, "\n") {
		row, isRow := strings.CutPrefix(strings.TrimSpace(line), "|")
		switch {
		case !isRow:
			inside = false
		case separatorRow.MatchString(line):
			inside = true
		case inside:
			first, _, _ := strings.Cut(row, "|")
			r.cell(offset, first)
		}
		offset += len(line)
	}
}

// cell adds the names in the first cell of a row: one, or several with commas between them. A star marks what is
// required, an arrow leads into an object.
func (r *reader) cell(offset int, cell string) {
	text := tag.ReplaceAllStringFunc(cell, func(tag string) string { return strings.Trim(untagged(tag), " ") })
	text = html.UnescapeString(strings.ReplaceAll(text, "|", " "))
	text = arrow.ReplaceAllString(strings.ReplaceAll(text, "*", " "), ".")
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSuffix(strings.Trim(name, " \t\r\n`"), "[]")
		if identifier.MatchString(name) {
			r.add(offset, name)
		}
	}
}

// paragraph is a line of prose that is not empty.
type paragraph struct {
	offset int
	text   string
}

func (r *reader) paragraphs() (all []paragraph) {
	offset := 0
	for line := range strings.SplitAfterSeq(r.prose, "\n") {
		if text := strings.TrimSpace(line); text != "" {
			all = append(all, paragraph{offset, text})
		}
		offset += len(line)
	}
	return all
}

// paragraphTables finds the first column of tables whose cells became paragraphs, as they do where a page is saved as
// text: the titles of the columns one after the other, the first Parameter and Description among them, then the cells. A
// word that stands alone below the last row is taken for a name as well: one too many is seen, one too few is not.
func (r *reader) paragraphTables() {
	all := r.paragraphs()
	for len(all) > 0 {
		columns := titles(all)
		if len(columns) == 0 {
			all = all[1:]
			continue
		}
		all = all[len(columns):]
		typed, closed := slices.Contains(columns, "type"), slices.Contains(columns, "required")
		for len(all) > 0 && identifier.MatchString(all[0].text) && len(titles(all)) == 0 {
			r.add(all[0].offset, all[0].text)
			all = all[1:]
			if typed && len(all) > 0 {
				all = all[1:]
			}
			// A description may have several paragraphs; what ends it is yes or no, or the next name.
			for len(all) > 0 && len(titles(all)) == 0 && !strings.HasSuffix(all[0].text, ":") {
				end := closed && (strings.EqualFold(all[0].text, "yes") || strings.EqualFold(all[0].text, "no"))
				if !closed && identifier.MatchString(all[0].text) {
					break
				}
				all = all[1:]
				if end {
					break
				}
			}
		}
	}
}

// titles are the titles of the columns, in small letters, where a table of paragraphs begins.
func titles(all []paragraph) (columns []string) {
	for i, p := range all {
		title := strings.ToLower(p.text)
		if i == 0 && title != "parameter" && !strings.HasSuffix(title, " parameter") || i > 0 && !slices.Contains([]string{"type", "description", "required", "default"}, title) {
			break
		}
		columns = append(columns, title)
	}
	if !slices.Contains(columns, "description") {
		return nil
	}
	return columns
}
