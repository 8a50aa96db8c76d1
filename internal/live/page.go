package live

import (
	_ "embed"
	"html/template"
	"net/http"

	"herald/internal/preview"
	"herald/providers/sandbox"
)

//go:embed live.css
var ownStyle string

//go:embed live.js
var script string

var style = preview.Style() + ownStyle

// policy is what the page may do: wear its style, run its script and ask its own server. It sends no forms, loads nothing,
// and is in nobody's frame.
var policy = preview.Policy(style, script) + "; connect-src 'self'; frame-ancestors 'none'"

// view is the page as it is drawn.
type view struct {
	Style      template.CSS
	Script     template.JS
	Run, Token string
	Last, Most int // the newest arrival, and how many the page shows at most
	Addr       string
	Vendors    []tally
	Total      int
	Shown      int // messages
	Talks      []shell
}

type tally struct {
	Name  string
	Count int
}

// show writes the page: the newest arrivals by conversation, the one that was last active first.
func (p *Page) show(w http.ResponseWriter, r *http.Request, box *sandbox.Sandbox) {
	all, last, counts := p.store.after(0, mostKept)
	v := view{Style: template.CSS(style), Script: template.JS(script), Run: p.run, Token: p.token, Last: last, Most: mostKept, Addr: box.Addr()}
	for _, one := range box.Vendors() {
		v.Vendors = append(v.Vendors, tally{one.Name, counts[one.Name]})
		v.Total += counts[one.Name]
	}
	v.Shown, v.Talks = talks(drawAll(r.Context(), all, mostDrawn))
	html := draw("page", v)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	until(w, mostWrite)
	w.Write([]byte(html)) // an error is the reader's going away
}

// talks gathers arrivals, of which the oldest comes first, by conversation. It counts the messages.
func talks(all []drawn) (messages int, out []shell) {
	last := map[string]int{} // when each was last active
	items := map[string][]template.HTML{}
	for i, a := range all {
		key := a.talk.key()
		last[key] = i
		items[key] = append(items[key], a.html)
		if a.message != nil {
			messages++
		}
	}
	for i := len(all) - 1; i >= 0; i-- {
		if key := all[i].talk.key(); last[key] == i {
			s := newShell(all[i].talk)
			s.Items = items[key]
			out = append(out, s)
		}
	}
	return messages, out
}
