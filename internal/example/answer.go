package example

import (
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// classify says what an answer of Example means.
//
// CHANGE, with care, for here it is decided what is sent again:
//
//   - Accepted is only the success body that the vendor documents; it is never sent again.
//   - Refused, AccountError and Throttled promise that nobody got the message; it may be sent again.
//   - Whatever is not certain is Unknown: it costs a person a look, and a wrong promise costs a message sent twice.
//
// What the vendor's pages do not say is left to wire.Answer.ByStatus, which knows 400, 401 and 429 too.
func classify(a wire.Answer) providers.Outcome {
	members, _ := wire.Object(a.Body)
	if id := wire.Text(members["id"]); a.Success() && id != "" {
		o := a.Outcome(providers.Accepted, "")
		o.ID = id
		return o
	}
	text := wire.Complaint(members, "error")
	if a.Status/100 == 2 {
		return a.Outcome(providers.Unknown, strings.TrimSuffix("the answer holds no id: "+text, ": "))
	}
	return a.ByStatus(text)
}
