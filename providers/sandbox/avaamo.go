package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
)

// avaamo emulates Avaamo: posting messages into conversations, and reading them back.
type avaamo struct {
	vendor *vendor
	exists func(uuid string) bool
	rate   limiter // nil without a limit
	body   check
	store  *avaamoStore
}

func newAvaamo(v *vendor, o Options) *avaamo {
	return &avaamo{vendor: v, exists: o.AvaamoConversations, rate: o.rate(v.Name), body: avaamoBody(),
		store: newAvaamoStore(o)}
}

// avaamoEndpoint is one documented address.
type avaamoEndpoint int

const (
	avaamoNone         avaamoEndpoint = iota
	avaamoPost                        // POST /bots_api/v1/messages.json
	avaamoAll                         // GET /v1/messages.json
	avaamoConversation                // GET /v1/conversations/{uuid}/messages.json
	avaamoSummary                     // GET /v1/conversations/{uuid}.json
)

// route finds the endpoint and the conversation in its path.
func (a *avaamo) route(c *call) (endpoint avaamoEndpoint, uuid string) {
	switch {
	case len(c.path) == 3 && c.has("bots_api", "v1", "messages.json"):
		return avaamoPost, ""
	case len(c.path) == 2 && c.has("v1", "messages.json"):
		return avaamoAll, ""
	case len(c.path) == 4 && c.has("v1", "conversations") && c.path[3] == "messages.json":
		if uuid, ok := c.segment(2); ok {
			return avaamoConversation, uuid
		}
	case len(c.path) == 3 && c.has("v1", "conversations"):
		name, _ := c.segment(2)
		if uuid, ok := strings.CutSuffix(name, ".json"); ok && uuid != "" {
			return avaamoSummary, uuid
		}
	}
	return avaamoNone, ""
}

// limiter counts every request.
func (a *avaamo) limiter(*call) limiter { return a.rate }

func (a *avaamo) answer(c *call) reply {
	endpoint, uuid := a.route(c)
	method, token := http.MethodGet, a.vendor.ReadToken
	if endpoint == avaamoPost {
		method, token = http.MethodPost, a.vendor.Token
	}
	switch {
	case endpoint == avaamoNone:
		return plainError(http.StatusNotFound, "Not found")
	case c.Method != method:
		return wrongMethod(method)
	case !sameSecret(c.Header.Get("access-token"), token):
		return plainError(http.StatusUnauthorized, "Invalid access token")
	}
	switch endpoint {
	case avaamoPost:
		return a.post(c)
	case avaamoAll:
		return a.listAll(c)
	case avaamoConversation:
		return a.list(c, uuid)
	}
	return a.summarize(c, uuid)
}

func (a *avaamo) fail(status int) reply { return plainFailure(status) }

// post takes one message for one conversation.
func (a *avaamo) post(c *call) reply {
	if !saysJSON(c.Request) {
		return plainError(http.StatusUnprocessableEntity, "Content-Type must be application/json")
	}
	if problem := a.body("body", c.body); problem != "" {
		return plainError(http.StatusUnprocessableEntity, problem)
	}
	body, _ := fields(c.body)
	conversation, _ := fields(body["conversation"])
	uuid, _ := text(conversation["uuid"])
	if !a.known(uuid) {
		return plainError(http.StatusUnprocessableEntity, "Conversation not found")
	}
	said := avaamoSays(body["message"])
	locale, _ := text(body["force_locale"])
	a.store.add(avaamoEntry{conversation: uuid, contentType: said.contentType, content: said.content, locale: locale})
	a.vendor.accept(Message{At: c.at, Account: id(body["bot_id"]), To: uuid, Kind: said.kind, Text: said.text, Body: c.body})
	return plainJSON(http.StatusOK, json.RawMessage(`{"success":true}`))
}

// known reports whether a conversation exists: one cannot be begun over this API.
func (a *avaamo) known(uuid string) bool {
	return uuid != "" && (a.exists == nil || a.exists(uuid))
}

// saysJSON is isJSON for a request that may name several types, as Avaamo's samples do: application/json and text/plain.
func saysJSON(r *http.Request) bool {
	for _, line := range r.Header.Values("Content-Type") {
		for value := range strings.SplitSeq(line, ",") {
			one := http.Request{Header: http.Header{"Content-Type": {strings.TrimSpace(value)}}}
			if isJSON(&one) {
				return true
			}
		}
	}
	return false
}
