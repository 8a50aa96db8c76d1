package maax

import (
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// classify says what an answer of Maax means. The page documents one success body and the bare statuses 400, 401 and
// 403; everything else goes by its status.
func classify(a wire.Answer) providers.Outcome {
	members, _ := wire.Object(a.Body)
	id, asked := wire.Digits(members["incoming_message_id"])
	text := wire.Complaint(members, "message", "detail", "error") // Maax documents no body of an error: shown as a reason, it decides nothing
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
