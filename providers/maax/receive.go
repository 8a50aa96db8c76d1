package maax

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"time"

	"herald/providers"
)

// The names of the two callbacks.
const (
	callbackAnswer   = "answer"
	callbackFollowUp = "followup"
)

// awaited reports whether an answer comes to an address that carries the key of the send.
func (p *account) awaited() bool { return strings.Contains(p.answerURL, token) }

// Callbacks lists where Maax posts. Where both addresses are one, nothing tells an answer from what follows it, and all of
// it is taken for answers.
func (p *account) Callbacks() []providers.Callback {
	all := []providers.Callback{{Name: callbackAnswer, URL: p.answerURL}}
	if p.followUpURL != p.answerURL {
		all = append(all, providers.Callback{Name: callbackFollowUp, URL: p.followUpURL})
	}
	return all
}

// Verify has nothing to check: Maax documents no signature, and whoever knows the token is believed.
func (p *account) Verify(name string, _ http.Header, _ []byte, _ time.Time) (delivery string, err error) {
	if name != callbackAnswer && name != callbackFollowUp {
		return "", errors.New("there is no such callback of Maax, which is a bug in herald")
	}
	return "", nil
}

// Read says what a call told. Maax does not document what it posts, so that something came to send_response_url with the
// token of a send is all that is sure: it was answered. What is not empty there is an answer, kept whole; which of its
// words is the reply says reply_path, or text. What comes to followup_url is no answer to what was asked, and tells
// nothing.
func (p *account) Read(name string, body []byte) providers.Arrival {
	if name != callbackAnswer || len(bytes.TrimSpace(body)) == 0 {
		return providers.Arrival{}
	}
	a := providers.Arrival{Answered: true}
	a.Reply, a.Vendor = p.reply.of(body)
	return a
}
