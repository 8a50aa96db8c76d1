package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Chatwoot's limits, from its source: rack_attack.rb (3000 requests a minute and address, in windows aligned to the
// minute) and limits.rb (200 messages a minute in one conversation).
const (
	chatwootRequestsPerMinute = 3000
	chatwootFloodPerMinute    = 200
)

// The error texts of Chatwoot's source.
const (
	chatwootBadToken   = "Invalid Access Token"
	chatwootNoBots     = "Access to this endpoint is not authorized for bots"
	chatwootBadAccount = "You are not authorized to access this account"
	chatwootNotFound   = "Resource could not be found"
	chatwootNoStatus   = "Message status update is only allowed for API inboxes"
	chatwootNoIncoming = "Incoming messages are only allowed in Api inboxes"
)

// dialect is what differs between Chatwoot and 99digital, its white label.
type dialect struct {
	params       []string // documented names in the body of create message
	messageTypes []string // documented values of message_type
	contentTypes []string // documented values of content_type
	digital99    bool     // answers carry created_at_exact and sender.logo_user_url
}

func chatwootDialect() dialect {
	return dialect{
		params: []string{"content", "message_type", "private", "content_type", "content_attributes", "campaign_id",
			"template_params"},
		messageTypes: []string{"outgoing", "incoming"},
		contentTypes: []string{"text", "input_email", "cards", "input_select", "form", "article"},
	}
}

func digital99Dialect() dialect {
	return dialect{
		params:       []string{"content", "message_type", "private", "content_type", "content_attributes"},
		messageTypes: []string{"incoming", "outgoing", "activity", "template"},
		contentTypes: []string{"text", "input_select", "cards", "form"},
		digital99:    true,
	}
}

// chatwoot emulates Chatwoot and 99digital: creating messages, and reading what is there.
type chatwoot struct {
	vendor        *vendor
	bot           string // token of an agent bot, may be ""
	dialect       dialect
	accounts      func(vendor string, account int64) bool
	conversations func(vendor string, account, conversation int64) bool
	inboxes       func(vendor string, account, inbox int64) bool
	apiInbox      bool
	single        bool    // inboxes keep to one conversation for each contact
	rate          limiter // nil without limits
	store         *chatwootStore
	actions       map[string]chatwootAction // by method and shape of the path
}

// place is what a request's path names, and who asks.
type place struct {
	account int64
	id      int64 // of the conversation or contact, 0 when the path has none
	message int64 // 0 when the path has none
	asBot   bool
}

// chatwootAction is one endpoint.
type chatwootAction struct {
	do   func(c *call, at place) reply
	bots bool // agent bots may call it
}

func newChatwoot(v *vendor, o Options) *chatwoot {
	k := &chatwoot{vendor: v, bot: o.BotTokens[v.Name], dialect: chatwootDialect(), accounts: o.Accounts,
		conversations: o.Conversations, inboxes: o.Inboxes, apiInbox: o.APIInbox, single: o.SingleConversation, store: newChatwootStore(v.Name, o)}
	if v.Name == Digital99 {
		k.dialect = digital99Dialect()
	}
	if !o.NoLimits {
		k.rate = &calendar{limit: chatwootRequestsPerMinute, per: time.Minute}
	}
	k.actions = map[string]chatwootAction{
		"POST conversations/#/messages":         {do: k.create, bots: true},
		"GET conversations/#/messages":          {do: k.listMessages},
		"DELETE conversations/#/messages/#":     {do: k.remove},
		"PATCH conversations/#/messages/#":      {do: k.update},
		"POST conversations/#/messages/#/retry": {do: k.retry},
		"GET conversations":                     {do: k.listConversations},
		"POST conversations":                    {do: k.createConversation, bots: true},
		"GET conversations/#":                   {do: k.showConversation, bots: true},
		"GET contacts":                          {do: k.listContacts},
		"POST contacts":                         {do: k.createContact},
		"GET contacts/search":                   {do: k.searchContacts},
		"POST contacts/filter":                  {do: k.filterContacts},
		"GET contacts/#/conversations":          {do: k.contactConversations},
		"POST contacts/#/contact_inboxes":       {do: k.linkContact},
	}
	return k
}

// limiter counts every request: the vendor counts before it looks.
func (k *chatwoot) limiter(*call) limiter { return k.rate }

func (k *chatwoot) answer(c *call) reply {
	action, found := k.actions[shape(c)]
	if !found {
		return chatwootStatus(http.StatusNotFound)
	}
	token := c.Header.Get("api_access_token")
	at := place{asBot: sameSecret(token, k.bot)}
	switch {
	case !at.asBot && !sameSecret(token, k.vendor.Token):
		return chatwootError(http.StatusUnauthorized, chatwootBadToken)
	case at.asBot && !action.bots:
		return chatwootError(http.StatusUnauthorized, chatwootNoBots)
	}
	at.account = number(c.path[3])
	if at.account < 1 || k.accounts != nil && !k.accounts(k.vendor.Name, at.account) {
		return chatwootError(http.StatusUnauthorized, chatwootBadAccount)
	}
	if len(c.path) > 5 && !word(c.path[4], c.path[5]) {
		at.id = number(c.path[5])
		if !k.exists(c.path[4], at.account, at.id) {
			return chatwootError(http.StatusNotFound, chatwootNotFound)
		}
	}
	if len(c.path) > 7 {
		at.message = number(c.path[7])
	}
	return action.do(c, at)
}

// exists reports whether a conversation or contact exists. Below the first number that is created, each conversation has a
// contact of the same number.
func (k *chatwoot) exists(what string, account, id int64) bool {
	switch {
	case id < chatwootMadeFrom:
		return id > 0 && (k.conversations == nil || k.conversations(k.vendor.Name, account, id))
	case what == "contacts":
		return k.store.made(account, id) != nil
	}
	return k.store.making(conversationKey{account, id}) != nil
}

func (k *chatwoot) fail(status int) reply {
	if status == http.StatusTooManyRequests {
		return reply{status: status, contentType: "text/plain", body: []byte("Retry later\n")}
	}
	return chatwootStatus(status)
}

// shape gives a request's method and its path after the account, with # for ids: "GET conversations/#/messages".
func shape(c *call) string {
	if len(c.path) < 5 || !c.has("api", "v1", "accounts") {
		return ""
	}
	var b strings.Builder
	b.WriteString(c.Method)
	for i, segment := range c.path[4:] {
		if i == 0 {
			b.WriteByte(' ')
		} else {
			b.WriteByte('/')
		}
		if i%2 == 1 && segment != "" && !word(c.path[4], segment) {
			segment = "#"
		}
		b.WriteString(segment)
	}
	return b.String()
}

// word reports whether what stands in the place of an id is none.
func word(in, segment string) bool {
	return in == "contacts" && (segment == "search" || segment == "filter")
}

// number reads an id in a path, 0 when it is none.
func number(segment string) int64 {
	n, err := strconv.ParseInt(segment, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// chatwootError is the shape of the errors that Chatwoot's controllers render.
func chatwootError(status int, message string) reply {
	return chatwootJSON(status, struct {
		Error string `json:"error"`
	}{message})
}

// chatwootInvalid is a record that Chatwoot's models refuse.
func chatwootInvalid(problem string) reply {
	return chatwootError(http.StatusUnprocessableEntity, "Validation failed: "+problem)
}

// chatwootStatus is the shape of errors that come from outside the controllers: Rails' own.
func chatwootStatus(status int) reply {
	return chatwootJSON(status, struct {
		Status int    `json:"status"`
		Error  string `json:"error"`
	}{status, http.StatusText(status)})
}

func chatwootJSON(status int, v any) reply {
	return reply{status: status, contentType: "application/json; charset=utf-8", body: encode(v)}
}
