package preview

import (
	_ "embed"
	"html/template"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"herald/internal/report"
)

//go:embed bubble.css
var bubbleStyle string

//go:embed page.css
var pageStyle string

//go:embed page.js
var script string

//go:embed bubble.tmpl
var bubbleSource string

//go:embed page.tmpl
var pageSource string

// style is all that a page wears, as it stands in its style element.
var style = bubbleStyle + pageStyle

var bubbleTemplate = template.Must(template.New("bubble").Funcs(template.FuncMap{
	"said": said, "cell": cell, "plain": func(s string) string { return plain(s, longName) },
}).Parse(bubbleSource))

var pageTemplate = template.Must(template.Must(bubbleTemplate.Clone()).Funcs(template.FuncMap{
	"count": report.Count, "beyond": beyond, "instant": instant, "exact": exact, "stamp": stamp, "capital": capital,
	"pct": percent, "number": func(n int) string { return humanize.Comma(int64(n)) },
}).New("page").Parse(pageSource))

// capital begins one of herald's own words with a capital letter.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// instant gives a time to the minute, as people read it. All of a page is in UTC, and says so.
func instant(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// exact gives a time to the second.
func exact(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// clock gives a time shortly, for a chart.
func clock(t time.Time) string { return t.UTC().Format("2 Jan 15:04") }

// stamp gives a time as machines read it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
