package avaamo

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// classify says what an answer to a message means. The one documented answer is 200 with success; errors are not
// documented, so they are judged by their status, and what they say is only repeated.
func classify(a wire.Answer) providers.Outcome {
	members, _ := wire.Object(a.Body)
	text := complaint(members)
	switch {
	case a.Status == http.StatusOK && a.Err == nil && string(members["success"]) == "true":
		return a.Outcome(providers.Accepted, "")
	case a.Status/100 == 2:
		return a.Outcome(providers.Unknown, strings.TrimSuffix("the answer does not say success: "+text, ": "))
	}
	return refusal(a, text)
}

// refusal judges an answer that is no 2xx by its status. The paths of the agent are fixed, so a 404 is about the host or
// the agent, and meets every message.
func refusal(a wire.Answer, text string) providers.Outcome {
	if a.Status == http.StatusNotFound {
		const hint = "check base_url and bot_id, since Avaamo has all messages at one path"
		return a.Outcome(providers.AccountError, strings.TrimRight(cmp.Or(text, "Not Found"), ".")+"; "+hint)
	}
	return a.ByStatus(text)
}

// complaint gives what an answer says is wrong, where it does so in one of the usual ways.
func complaint(members map[string]json.RawMessage) string {
	return wire.Complaint(members, "message", "error", "errors")
}
