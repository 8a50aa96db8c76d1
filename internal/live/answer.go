package live

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"herald/providers/sandbox"
)

// said is what somebody at the page says in the place of the person.
type said struct {
	Token string `json:"token"` // of the page, so that nobody else can
	Talk  string `json:"talk"`
	Item  int    `json:"item"` // the message that is answered with one of its buttons, 0 for words that were typed
	Text  string `json:"text"`
}

// answer lets the person at the other end write, or choose an answer.
func (p *Page) answer(w http.ResponseWriter, r *http.Request, box *sandbox.Sandbox) {
	var s said
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 2*mostSaid))
	d.DisallowUnknownFields()
	switch err := d.Decode(&s); {
	case kind != "application/json" || err != nil:
		http.Error(w, "An answer is JSON of the page's own form.", http.StatusBadRequest)
		return
	case subtle.ConstantTimeCompare([]byte(s.Token), []byte(p.token)) != 1:
		http.Error(w, "This page is of another run. Load it again.", http.StatusForbidden)
		return
	case strings.TrimSpace(s.Text) == "" || len(s.Text) > mostSaid:
		http.Error(w, fmt.Sprintf("An answer has 1 to %d bytes.", mostSaid), http.StatusBadRequest)
		return
	}
	to, found := p.store.find(s.Talk, s.Item)
	if !found {
		http.Error(w, "This is no longer among what the page keeps.", http.StatusNotFound)
		return
	}
	if err := reply(box, to, s); err != nil {
		http.Error(w, strings.TrimPrefix(err.Error(), "sandbox: "), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// reply writes, or chooses where the message is a question whose answer the vendor keeps with it. That is Chatwoot's
// input_select, and the answer is to the latest one that has none.
func reply(box *sandbox.Sandbox, to arrival, s said) error {
	vendor, conversation, text := to.talk.vendor, to.talk.conversation, s.Text
	if s.Item == 0 || to.message == nil {
		return box.Write(vendor, conversation, text)
	}
	answers := to.message.Shown().Answers
	i := slices.IndexFunc(answers, func(a sandbox.Answer) bool { return a.Title == text })
	if i < 0 {
		return box.Write(vendor, conversation, text)
	}
	if vendor == sandbox.Chatwoot || vendor == sandbox.Digital99 {
		return box.Choose(vendor, conversation, answers[i].Value)
	}
	return box.Write(vendor, conversation, answers[i].Value)
}
