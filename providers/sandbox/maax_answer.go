package sandbox

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	answerAfter   = 100 * time.Millisecond // when Options.MaaxAnswerAfter is 0
	answerTimeout = 5 * time.Second        // for one post, connecting and reading included
	answersMost   = 1024                   // questions that wait at once; what comes beyond is not answered
	answerQuoted  = 1000                   // characters of the question that an answer repeats
)

// answers posts what Maax generates: to loopback addresses alone, each once, and nothing after stop.
type answers struct {
	after time.Duration
	post  func(ctx context.Context, address string, body []byte) error
	ctx   context.Context
	end   context.CancelFunc

	posted, failed, kept atomic.Int64

	mu      sync.Mutex
	stopped bool
	waiting int
	running sync.WaitGroup
}

func newAnswers(after time.Duration) *answers {
	if after == 0 {
		after = answerAfter
	}
	a := &answers{after: after, post: postLocally(localClient())}
	a.ctx, a.end = context.WithCancel(context.Background())
	return a
}

// expect answers a question and follows it up, later.
func (a *answers) expect(q question) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || a.waiting == answersMost || !isLocal(q.response) && !isLocal(q.followup) {
		a.kept.Add(2)
		return
	}
	a.waiting++
	a.running.Go(func() {
		a.answer(q.response, q.answer("You asked: %s"))
		a.answer(q.followup, q.answer("Do you have further questions about this: %s"))
		a.mu.Lock()
		a.waiting--
		a.mu.Unlock()
	})
}

// answer waits, and posts one answer.
func (a *answers) answer(address string, body []byte) {
	t := time.NewTimer(a.after)
	defer t.Stop()
	select {
	case <-t.C:
	case <-a.ctx.Done():
	}
	if a.ctx.Err() != nil || !isLocal(address) {
		a.kept.Add(1)
		return
	}
	ctx, cancel := context.WithTimeout(a.ctx, answerTimeout)
	defer cancel()
	if a.post(ctx, address, body) != nil {
		a.failed.Add(1)
		return
	}
	a.posted.Add(1)
}

// stop ends every wait and post, and returns when none is left.
func (a *answers) stop() {
	a.mu.Lock()
	a.stopped = true
	a.mu.Unlock()
	a.end()
	a.running.Wait()
}

// note is the line for people on the index page.
func (a *answers) note() string {
	return fmt.Sprintf("%s posted %d answers and follow-ups; %d could not be posted, and %d were not, as their address is not "+
		"on this machine or too many waited.", Maax, a.posted.Load(), a.failed.Load(), a.kept.Load())
}

// isLocal reports whether an address names this machine without asking anyone: a loopback IP or localhost.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	return err == nil && isLoopback(u.Hostname())
}

// answer makes the body of a post. Its shape is assumed: Maax documents none.
func (q question) answer(format string) []byte {
	said := fmt.Sprintf(format, beginning(q.text, answerQuoted))
	if !q.plain {
		said = "<p>" + html.EscapeString(said) + "</p>"
	}
	return encode(struct {
		ID           int64  `json:"incoming_message_id"`
		Prospect     int64  `json:"prospect_id"`
		Conversation int64  `json:"conversation_id"`
		Content      string `json:"message_content"`
	}{q.id, q.prospect, q.conversation, said})
}

// beginning cuts a text to so many characters.
func beginning(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i]
		}
	}
	return s
}
