package sandbox

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"
)

// HeyX's published limits. Messages: "API has rate limit of 25 RPS". Contacts: "200 calls/min", per channel.
const (
	heyxMessagesPerSecond = 25
	heyxContactsPerMinute = 200
)

// heyxOK is the documented success, less the page's line breaks.
const heyxOK = `{"status":"Success","message":"Message Sent","data":[]}`

// The documented error messages. The last is the page's "General" form with a text of our own.
const (
	heyxBadToken   = "API Token is invalid."
	heyxBadMethod  = "405 Method Not Allowed."
	heyxThrottled  = "Too many requests"
	heyxWrongMedia = "Sorry, Url provided is not an image/audio/video file"
)

// heyx emulates HeyX: sending a message, and reading the contacts that were written to.
type heyx struct {
	vendor   *vendor
	viber    bool
	forget   bool
	fields   func(contact string) map[string]any
	messages limiter // nil without limits
	contacts limiter

	mu    sync.Mutex
	known map[string]time.Time // contact id → first message
	order []string             // contact ids as they came
}

func newHeyX(v *vendor, o Options) *heyx {
	h := &heyx{vendor: v, viber: o.HeyXViber, forget: o.Forget, fields: o.HeyXFields, known: map[string]time.Time{}}
	if !o.NoLimits {
		h.messages = &window{limit: heyxMessagesPerSecond, per: time.Second}
		h.contacts = &window{limit: heyxContactsPerMinute, per: time.Minute}
	}
	return h
}

// heyxEndpoint is one documented address.
type heyxEndpoint int

const (
	heyxNone heyxEndpoint = iota
	heyxSend
	heyxContact
	heyxByField
)

// route finds the endpoint and the contact id in its path.
func (h *heyx) route(c *call) (endpoint heyxEndpoint, id string) {
	switch {
	case len(c.path) == 5 && c.has("api", "v1", "message", "sendContent"):
		if id, ok := c.segment(4); ok {
			return heyxSend, id
		}
	case len(c.path) == 4 && c.has("api", "v1", "contact", "by_custom_field"):
		return heyxByField, ""
	case len(c.path) == 4 && c.has("api", "v1", "contact"):
		if id, ok := c.segment(3); ok {
			return heyxContact, id
		}
	}
	return heyxNone, ""
}

func (e heyxEndpoint) method() string {
	if e == heyxSend {
		return http.MethodPost
	}
	return http.MethodGet
}

// limiter counts, per token, what has a valid token and a documented address and method.
func (h *heyx) limiter(c *call) limiter {
	endpoint, _ := h.route(c)
	switch {
	case endpoint == heyxNone || c.Method != endpoint.method() || !h.authorized(c):
		return nil
	case endpoint == heyxSend:
		return h.messages
	}
	return h.contacts
}

func (h *heyx) authorized(c *call) bool {
	token, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	return ok && sameSecret(token, h.vendor.Token)
}

func (h *heyx) answer(c *call) reply {
	endpoint, id := h.route(c)
	switch {
	case endpoint == heyxNone:
		return heyxError(http.StatusNotFound, "404 Not Found.")
	case c.Method != endpoint.method():
		a := heyxError(http.StatusMethodNotAllowed, heyxBadMethod)
		a.allow = endpoint.method()
		return a
	case !h.authorized(c):
		return heyxError(http.StatusUnauthorized, heyxBadToken)
	}
	switch endpoint {
	case heyxContact:
		return h.contact(id)
	case heyxByField:
		return h.byField(c)
	}
	return h.send(c, id)
}

func (h *heyx) fail(status int) reply {
	switch status {
	case http.StatusTooManyRequests:
		return heyxError(status, heyxThrottled)
	case http.StatusRequestEntityTooLarge:
		return heyxError(status, "The request is larger than 1 MiB.")
	}
	return heyxError(status, "Server Error")
}

// send takes one message for one contact.
func (h *heyx) send(c *call, id string) reply {
	if !isJSON(c.Request) {
		return heyxError(http.StatusForbidden, "Content-Type must be application/json.")
	}
	if h.viber {
		if _, err := base64.StdEncoding.Strict().DecodeString(id); err != nil {
			return heyxError(http.StatusForbidden, "The contact id of a Viber channel must be Base64 encoded.")
		}
	}
	content, problem := heyxContent(c.body)
	if problem != "" {
		return heyxError(http.StatusForbidden, problem)
	}
	h.remember(id, c.at)
	h.vendor.accept(Message{At: c.at, To: id, Kind: content.kind, Text: content.text, Body: c.body})
	return reply{status: http.StatusOK, contentType: "application/json", body: []byte(heyxOK)}
}

// heyxError is the one shape of every documented error.
func heyxError(status int, message string) reply {
	body := encode(struct {
		Status  string     `json:"status"`
		Message string     `json:"message"`
		Data    []struct{} `json:"data"`
	}{"error", message, []struct{}{}})
	return reply{status: status, contentType: "application/json", body: body}
}
