package maax

import (
	"encoding/json"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// classify says what an answer of Maax means. The page documents one success body and the bare statuses 400, 401 and
// 403; everything else goes by its status.
func classify(a wire.Answer) providers.Outcome {
	members, _ := wire.Object(a.Body)
	id, asked := number(members["incoming_message_id"])
	text := complaint(members)
	switch {
	case a.Success() && asked:
		o := a.Outcome(providers.Accepted, "")
		o.ID = id
		return o
	case a.Status/100 == 2:
		return a.Outcome(providers.Unknown, strings.TrimSuffix("the answer holds no incoming_message_id: "+text, ": "))
	case a.Status == 404:
		// All requests go to one address, so it is not the person that was not found. Where Maax should mean one of the
		// numbers by it, stopping is the safe mistake.
		hint := "check base_url, ai_id, and prospect_id and conversation_id where given"
		return a.Outcome(providers.AccountError, strings.TrimPrefix(strings.TrimRight(text, ".")+"; "+hint, "; "))
	}
	return a.ByStatus(text)
}

// number reads a whole number, bare or as a string.
func number(raw json.RawMessage) (digits string, ok bool) {
	digits = strings.Trim(string(raw), `"`)
	return digits, digits != "" && len(digits) <= 20 && strings.Trim(digits, "0123456789") == ""
}

// complaint gives what an answer says is wrong. Maax documents no body of an error, so what is read here is shown as a
// reason and decides nothing.
func complaint(members map[string]json.RawMessage) string {
	for _, name := range []string{"message", "detail", "error"} {
		if text := strings.TrimSpace(wire.Text(members[name])); text != "" {
			return text
		}
	}
	return ""
}
