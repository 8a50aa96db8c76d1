package sandbox

import (
	"net/http"
	"sync"
)

// maax emulates Maax AI: it takes a question of a prospect and posts a generated answer to the address in the question.
type maax struct {
	vendor  *vendor
	exists  func(ai int64) bool
	rate    limiter // nil without a limit
	forget  bool
	body    check
	answers *answers

	mu           sync.Mutex
	questions    int64           // the last incoming_message_id
	prospect     int64           // the highest id so far, given or taken
	conversation int64           // the same
	latest       map[int64]int64 // prospect → the conversation last used
}

func newMaax(v *vendor, o Options) *maax {
	return &maax{vendor: v, exists: o.MaaxAIs, rate: o.rate(v.Name), forget: o.Forget, body: maaxBody(),
		answers: newAnswers(o.MaaxAnswerAfter), latest: map[int64]int64{}}
}

// limiter counts every request.
func (m *maax) limiter(*call) limiter { return m.rate }

// answer knows one address. The slash at its end is documented, and needed.
func (m *maax) answer(c *call) reply {
	switch {
	case len(c.path) != 4 || !c.has("api", "v2", "outgoing-messages", ""):
		return plainError(http.StatusNotFound, "Not found")
	case c.Method != http.MethodPost:
		return wrongMethod(http.MethodPost)
	case !sameSecret(c.Header.Get("2hd-api-key"), m.vendor.Token):
		return plainError(http.StatusUnauthorized, "Invalid API key")
	case !isJSON(c.Request):
		return plainError(http.StatusBadRequest, "Content-Type must be application/json")
	}
	if problem := m.body("body", c.body); problem != "" {
		return plainError(http.StatusBadRequest, problem)
	}
	q := maaxAsks(c.body)
	if m.exists != nil && !m.exists(q.ai) {
		return plainError(http.StatusForbidden, "This AI is not yours")
	}
	q = m.number(q)
	m.vendor.accept(Message{At: c.at, Account: q.ai, To: q.to, ID: q.id, Kind: "text", Text: q.text, Body: c.body})
	m.answers.expect(q)
	return plainJSON(http.StatusOK, struct {
		ID int64 `json:"incoming_message_id"`
	}{q.id})
}

func (m *maax) fail(status int) reply { return plainFailure(status) }

// number gives a question its id, and a prospect and conversation where it names none: a new prospect; the latest
// conversation with the prospect, or else a new one.
func (m *maax) number(q question) question {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.questions++
	q.id = m.questions
	if q.prospect == 0 {
		q.prospect = m.prospect + 1
	}
	if q.conversation == 0 {
		q.conversation = m.latest[q.prospect]
	}
	if q.conversation == 0 {
		q.conversation = m.conversation + 1
	}
	m.prospect, m.conversation = max(m.prospect, q.prospect), max(m.conversation, q.conversation)
	if !m.forget {
		m.latest[q.prospect] = q.conversation
	}
	return q
}
