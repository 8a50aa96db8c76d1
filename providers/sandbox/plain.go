package sandbox

import "net/http"

// plainError is the shape of the errors of vendors who document none.
func plainError(status int, message string) reply {
	return plainJSON(status, struct {
		Error string `json:"error"`
	}{message})
}

// plainFailure is what such a vendor answers to 413, 429 and 500.
func plainFailure(status int) reply {
	message := "Server error"
	switch status {
	case http.StatusTooManyRequests:
		message = "Too many requests"
	case http.StatusRequestEntityTooLarge:
		message = "The request is larger than 1 MiB"
	}
	return plainError(status, message)
}

func plainJSON(status int, v any) reply {
	return reply{status: status, contentType: "application/json", body: encode(v)}
}

// wrongMethod is the answer to an address that knows only another method.
func wrongMethod(allow string) reply {
	a := plainError(http.StatusMethodNotAllowed, "Method not allowed")
	a.allow = allow
	return a
}
