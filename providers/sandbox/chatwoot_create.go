package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

const chatwootContentMost = 150000 // characters

// messageTypeNumber gives Chatwoot's number for a message type: app/models/message.rb, and the schema's enum 0 to 3.
func messageTypeNumber(word string) int {
	return slices.Index([]string{"incoming", "outgoing", "activity", "template"}, word)
}

// chatwootDraft is a message to create, as the request says it.
type chatwootDraft struct {
	content     string
	messageType string
	contentType string
	private     bool
	attributes  json.RawMessage
}

// create stores one message.
func (k *chatwoot) create(c *call, at place) reply {
	params := map[string]json.RawMessage{}
	if isJSON(c.Request) { // another type carries no parameters that Rails would see
		var ok bool
		if params, ok = fields(c.body); !ok {
			return chatwootStatus(http.StatusBadRequest)
		}
	}
	draft, refusal := k.draft(params)
	if refusal != nil {
		return *refusal
	}
	m := chatwootMessage{
		Content:           draft.content,
		InboxID:           k.inboxIn(at),
		ConversationID:    at.id,
		MessageType:       messageTypeNumber(draft.messageType),
		ContentType:       draft.contentType,
		Status:            "sent",
		ContentAttributes: draft.attributes,
		Private:           draft.private,
		Sender:            k.sender(draft.messageType, at),
	}
	if draft.messageType == "outgoing" || draft.messageType == "template" {
		m.Content = renderLiquid(m.Content)
	}
	m, ok := k.store.add(conversationKey{at.account, at.id}, m, false)
	if !ok {
		return chatwootInvalid("Too many messages")
	}
	k.vendor.accept(Message{At: c.at, Account: at.account, To: fmt.Sprint(at.id), ID: m.ID, Kind: m.ContentType,
		Text: m.Content, Body: c.body})
	return chatwootJSON(http.StatusOK, k.view(m))
}

// draft checks the parameters in the order in which Chatwoot would meet the faults: parameters, builder, model.
func (k *chatwoot) draft(params map[string]json.RawMessage) (chatwootDraft, *reply) {
	d := chatwootDraft{messageType: "outgoing", contentType: "text", attributes: json.RawMessage("{}")}
	refuse := func(format string, args ...any) (chatwootDraft, *reply) {
		a := chatwootError(http.StatusUnprocessableEntity, fmt.Sprintf(format, args...))
		return d, &a
	}
	if extra := unknown(params, k.dialect.params...); len(extra) == 1 {
		return refuse("found unpermitted parameter: %s", symbol(extra[0]))
	} else if len(extra) > 1 {
		return refuse("found unpermitted parameters: %s", symbols(extra))
	}
	if name, kind := mistyped(params); name != "" {
		return refuse("%s must be %s", name, kind)
	}
	d.content, _ = text(params["content"])
	if d.content == "" {
		return refuse("param is missing or the value is empty: content")
	}
	if raw, given := params["message_type"]; given {
		if d.messageType, _ = text(raw); !slices.Contains(k.dialect.messageTypes, d.messageType) {
			return refuse("'%s' is not a valid message_type", d.messageType)
		}
	}
	if raw, given := params["content_type"]; given {
		if d.contentType, _ = text(raw); !slices.Contains(k.dialect.contentTypes, d.contentType) {
			return refuse("'%s' is not a valid content_type", d.contentType)
		}
	}
	if d.messageType == "incoming" && !k.apiInbox {
		return refuse(chatwootNoIncoming)
	}
	d.private, _ = boolean(params["private"])

	var problems []string
	if utf8.RuneCountInString(d.content) > chatwootContentMost {
		problems = append(problems, fmt.Sprintf("Content is too long (maximum is %d characters)", chatwootContentMost))
	}
	if raw, given := params["content_attributes"]; given {
		d.attributes = raw
	}
	if problem := checkItems(d.contentType, d.attributes); problem != "" {
		problems = append(problems, "Content attributes "+problem)
	}
	if raw, given := params["template_params"]; given {
		template, _ := fields(raw)
		if name, ok := text(template["name"]); !ok || name == "" {
			problems = append(problems, "Additional attributes template_params must have a name")
		}
	}
	if problems != nil {
		return refuse("Validation failed: %s", strings.Join(problems, ", "))
	}
	d.attributes = afterRules(d.attributes)
	return d, nil
}

// mistyped finds a parameter of another type than the documented one, in the documented order.
func mistyped(params map[string]json.RawMessage) (name, kind string) {
	isText := func(raw json.RawMessage) bool { _, ok := text(raw); return ok }
	isBool := func(raw json.RawMessage) bool { _, ok := boolean(raw); return ok }
	isObject := func(raw json.RawMessage) bool { _, ok := fields(raw); return ok }
	for _, p := range []struct {
		name, kind string
		is         func(json.RawMessage) bool
	}{
		{"content", "a string", isText},
		{"message_type", "a string", isText},
		{"private", "a boolean", isBool},
		{"content_type", "a string", isText},
		{"content_attributes", "an object", isObject},
		{"campaign_id", "an integer", isInteger},
		{"template_params", "an object", isObject},
	} {
		if raw, given := params[p.name]; given && !p.is(raw) {
			return p.name, p.kind
		}
	}
	return "", ""
}

// afterRules does what Chatwoot's builder does: an automation_rule_id takes the place of all other attributes.
func afterRules(attributes json.RawMessage) json.RawMessage {
	all, _ := fields(attributes)
	rule, given := all["automation_rule_id"]
	if !given || string(rule) == "null" {
		return attributes
	}
	return encode(map[string]json.RawMessage{"automation_rule_id": rule})
}

// renderLiquid stands for the Liquid rendering that Chatwoot does to outgoing content: variables and tags vanish, text
// between backticks stays, and content with an unfinished variable or tag stays as it is.
func renderLiquid(content string) string {
	if !strings.Contains(content, "{{") && !strings.Contains(content, "{%") {
		return content
	}
	var b strings.Builder
	for rest := content; rest != ""; {
		i := strings.IndexAny(rest, "`{")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i])
		rest = rest[i:]
		switch {
		case rest[0] == '`' && strings.Contains(rest[1:], "`"):
			end := strings.Index(rest[1:], "`") + 2
			b.WriteString(rest[:end])
			rest = rest[end:]
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "{%"):
			_, after, closed := strings.Cut(rest[2:], map[byte]string{'{': "}}", '%': "%}"}[rest[1]])
			if !closed {
				return content
			}
			rest = after
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return b.String()
}
