package live

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"herald/internal/preview"
	"herald/internal/report"
	"herald/providers"
	"herald/providers/sandbox"
)

//go:embed live.tmpl
var source string

var templates = template.Must(template.New("live").Funcs(template.FuncMap{
	"label": preview.Label, "plain": preview.Plain, "clock": clock, "stamp": stamp, "count": report.Count,
}).Parse(source))

// clock gives a time of today's run as people read it. As in plans, it is in UTC.
func clock(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }

// stamp gives a time as machines read it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// item is one arrival as it is drawn.
type item struct {
	ID     int
	At     time.Time
	Bubble template.HTML // nil for what is only noted
	Mine   bool          // said by the person at the other end
	Aside  string        // that a message is none to the person
	Note   string        // what happened, or the vendor's word for a kind of message
}

// asides says in words what a message is that is none to the person.
var asides = map[string]string{
	"private note": "A note for the team: the person does not see it", "incoming": "Written in the person’s name",
	"activity": "A note of what happened", "template": "From a template",
}

func newItem(a arrival) item {
	i := item{ID: a.id, At: a.at}
	if a.message != nil {
		shown, verb := Content(*a.message)
		i.Bubble, i.Note = preview.Bubble(shown, verb), a.message.Kind
		aside := a.message.Shown().Aside
		if i.Aside = asides[aside]; i.Aside == "" {
			i.Aside = aside
		}
		return i
	}
	text := a.happened.Text
	switch a.happened.Kind {
	case sandbox.EventWritten, sandbox.EventChosen:
		i.Mine, i.Note = true, "answered"
		i.Bubble = preview.Bubble(providers.Content{Kind: providers.KindText, Text: text}, providers.Sends)
	default:
		i.Note = strings.ReplaceAll(string(a.happened.Kind), "_", " ")
		if text != "" {
			i.Note += ": " + text
		}
	}
	return i
}

// shell is the frame around a conversation, which its arrivals are put into.
type shell struct {
	Key, Who, Via, Vendor string
	Writes                bool
	Items                 []template.HTML
}

func newShell(t talk) shell {
	s := shell{Key: t.key(), Who: t.to, Via: t.vendor, Vendor: t.vendor, Writes: writes(t.vendor)}
	if t.account != 0 {
		s.Via += fmt.Sprintf(" · account %d", t.account)
	}
	return s
}

// writes reports whether an emulator has people who write.
func writes(vendor string) bool {
	return vendor == sandbox.Avaamo || vendor == sandbox.Chatwoot || vendor == sandbox.Digital99
}

// draw makes HTML of one of the templates.
func draw(name string, data any) template.HTML {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return template.HTML(template.HTMLEscapeString("could not be drawn: " + err.Error())) // tests draw all of them
	}
	return template.HTML(b.String())
}

// drawn is an arrival with its HTML.
type drawn struct {
	arrival
	html template.HTML
}

// drawAll draws arrivals, oldest first. Of more than room bytes the oldest are left out; the newest is always there.
// When ctx ends it gives up.
func drawAll(ctx context.Context, all []arrival, room int) []drawn {
	out := make([]drawn, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		if ctx.Err() != nil {
			return out[i+1:]
		}
		html := draw("item", newItem(all[i]))
		if room -= len(html); room < 0 && i < len(all)-1 {
			return out[i+1:]
		}
		out[i] = drawn{all[i], html}
	}
	return out
}
