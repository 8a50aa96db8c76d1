package live

import (
	"crypto/rand"
	"net/http"

	"herald/providers/sandbox"
)

// Page is the page of one sandbox.
type Page struct {
	run   string // different for every page: a reader of another run has to begin anew
	token string // what an answer must carry: only this page has it
	store store
}

// New makes the page of a sandbox that is about to start.
func New() *Page {
	return &Page{run: rand.Text(), token: rand.Text()}
}

// Observe notes a message that an emulator accepted. It is for sandbox.Options and waits for nobody.
func (p *Page) Observe(m sandbox.Message) {
	p.store.add(arrival{at: m.At, message: &m,
		talk: talk{vendor: m.Vendor, conversation: m.Conversation(), account: m.Account, to: m.To}})
}

// Witness notes what happened in a conversation. It is for sandbox.Options and waits for nobody.
func (p *Page) Witness(h sandbox.Happened) {
	p.store.add(arrival{at: h.At, happened: &h, talk: talk{vendor: h.Vendor, conversation: h.Conversation, to: h.Conversation}})
}

// Serve makes the handler of the page. It is for sandbox.Options.
func (p *Page) Serve(box *sandbox.Sandbox) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { p.show(w, r, box) })
	mux.HandleFunc("GET /page/events", p.events)
	mux.HandleFunc("POST /page/answer", func(w http.ResponseWriter, r *http.Request) { p.answer(w, r, box) })
	return guard(mux)
}
