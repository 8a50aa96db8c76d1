package heyx

import (
	"encoding/json"
	"net/http"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// sent is the documented success, as servers write it: nearly every answer, so it is known without a decoder.
const sent = `{"status":"Success","message":"Message Sent","data":[]}`

// classify says what an answer of HeyX means.
//
// Every documented answer is an object with status and message. Success is a 2xx whose status says so, in any case: the
// page writes "Success" there and "error" elsewhere. The documented error texts count whatever 2xx or 4xx they come
// with; any other 2xx leaves open whether the message went out.
func classify(a wire.Answer) providers.Outcome {
	if a.Status == http.StatusOK && a.Err == nil && string(a.Body) == sent {
		return a.Outcome(providers.Accepted, "")
	}
	status, message := envelope(a)
	switch {
	case a.Success() && strings.EqualFold(status, "success"):
		return a.Outcome(providers.Accepted, "")
	case (a.Status/100 == 2 || a.Status/100 == 4) && strings.EqualFold(status, "error"):
		if class, known := documented(message); known {
			return a.Outcome(class, message)
		}
	}
	switch {
	case a.Status/100 == 2:
		return a.Outcome(providers.Unknown, unclear(message))
	case a.Status == 403:
		// The only status that HeyX documents for what it finds wrong with a message or contact.
		return a.Outcome(providers.Refused, message)
	}
	return a.ByStatus(message)
}

// documented classifies the error texts that the vendor's page lists.
func documented(message string) (class providers.Class, known bool) {
	message = strings.TrimSpace(message)
	switch {
	case strings.EqualFold(message, textToken), strings.EqualFold(message, textMethod):
		return providers.AccountError, true
	case strings.EqualFold(message, textTooMany):
		return providers.Throttled, true
	}
	// The page shows one text for three types of file; what it says after this may well name one of them.
	prefix := strings.TrimSuffix(textFileType, " an image/audio/video file")
	if len(message) >= len(prefix) && strings.EqualFold(message[:len(prefix)], prefix) {
		return providers.Refused, true
	}
	return 0, false
}

// envelope reads status and message, each "" where it is not there.
func envelope(a wire.Answer) (status, message string) {
	var members struct {
		Status  json.RawMessage `json:"status"`
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(a.Body, &members) != nil {
		return "", ""
	}
	return wire.Text(members.Status), wire.Text(members.Message)
}

// unclear is the reason of a 2xx that does not say success.
func unclear(message string) string {
	if message != "" {
		return "the answer does not say success: " + message
	}
	return "the answer does not say success"
}
