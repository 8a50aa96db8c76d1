package sandbox

import (
	"encoding/json"
	"net/url"
	"strings"
)

// maaxContacts lists the members of prospect_info of which one must be given: last_name does not count.
func maaxContacts() []string { return []string{"email", "phone", "facebook", "instagram", "intercom"} }

// maaxBody takes the documented parameters of outgoing-messages.
func maaxBody() check {
	must := []string{"message_content", "platform", "ai_id", "service_type", "prospect_info", "send_response_url", "followup_url"}
	return object(must, map[string]check{
		"message_content":   textOf(0),
		"platform":          oneOf("website", "email", "sms"),
		"ai_id":             isID,
		"service_type":      oneOf("sales_automation"),
		"prospect_info":     maaxProspect(),
		"prospect_id":       isID,
		"conversation_id":   isID,
		"output_format":     maaxFormat,
		"send_response_url": isAddress,
		"followup_url":      isAddress,
	})
}

// maaxFormat takes plain_text and blank, which is HTML.
func maaxFormat(where string, raw json.RawMessage) string {
	if s, ok := text(raw); !ok || s != "" && s != "plain_text" {
		return where + " must be plain_text or blank"
	}
	return ""
}

// isAddress takes http and https addresses.
func isAddress(where string, raw json.RawMessage) string {
	s, ok := text(raw)
	u, err := url.Parse(s)
	if !ok || err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return where + " must be an address that begins with http:// or https://"
	}
	return ""
}

// maaxProspect takes a prospect's details: a first name and one way to reach them.
func maaxProspect() check {
	known := map[string]check{"first_name": textOf(0), "last_name": textOf(0)}
	for _, name := range maaxContacts() {
		known[name] = textOf(0)
	}
	known["phone"] = func(where string, raw json.RawMessage) string {
		if isInteger(raw) { // so in the page's sample
			return isID(where, raw)
		}
		return textOf(0)(where, raw)
	}
	shape := object([]string{"first_name"}, known)
	return func(where string, raw json.RawMessage) string {
		if problem := shape(where, raw); problem != "" {
			return problem
		}
		if maaxReached(raw) == "" {
			return where + " must have one of: " + strings.Join(maaxContacts(), ", ")
		}
		return ""
	}
}

// maaxReached gives the first way to reach a prospect, "" when there is none.
func maaxReached(info json.RawMessage) string {
	o, _ := fields(info)
	for _, name := range maaxContacts() {
		if s, ok := text(o[name]); ok {
			return s
		}
		if raw, given := o[name]; given {
			return string(raw)
		}
	}
	return ""
}

// question is one that passed maaxBody.
type question struct {
	id                     int64
	ai                     int64
	prospect, conversation int64 // 0 until number, when they are not given
	to                     string
	text                   string
	plain                  bool // else HTML
	response, followup     string
}

// maaxAsks reads a body that passed maaxBody.
func maaxAsks(body []byte) question {
	o, _ := fields(body)
	word := func(name string) string { s, _ := text(o[name]); return s }
	return question{
		ai: id(o["ai_id"]), prospect: id(o["prospect_id"]), conversation: id(o["conversation_id"]),
		to: maaxReached(o["prospect_info"]), text: word("message_content"), plain: word("output_format") == "plain_text",
		response: word("send_response_url"), followup: word("followup_url"),
	}
}
