package preview

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
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

// policy is what a page may do: wear its style and run its script. Nothing else, and no network.
var policy = "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) +
	"'; img-src data:; base-uri 'none'; form-action 'none'"

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

var bubbleTemplate = template.Must(template.New("bubble").Funcs(template.FuncMap{
	"said": said, "cell": cell, "plain": func(s string) string { return plain(s, longName) },
}).Parse(bubbleSource))

var pageTemplate = template.Must(template.Must(bubbleTemplate.Clone()).Funcs(template.FuncMap{
	"count": report.Count, "beyond": beyond, "instant": instant, "exact": exact, "clock": clock, "stamp": stamp,
	"pct": percent, "number": func(n int) string { return humanize.Comma(int64(n)) },
}).New("page").Parse(pageSource))

// instant gives a time to the minute, as people read it. All of a page is in UTC, and says so.
func instant(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// exact gives a time to the second.
func exact(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// clock gives a time shortly, for a chart.
func clock(t time.Time) string { return t.UTC().Format("2 Jan 15:04") }

// stamp gives a time as machines read it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
