package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request to a vendor. Its body is read when answer is called.
type call struct {
	*http.Request
	path []string // segments after the vendor's prefix, still escaped
	body []byte
	at   time.Time // of arrival
}

// segment gives path segment i unescaped, false when it is not there, empty or badly escaped.
func (c *call) segment(i int) (string, bool) {
	if i >= len(c.path) {
		return "", false
	}
	s, err := url.PathUnescape(c.path[i])
	return s, err == nil && s != ""
}

// has reports whether the path begins with these segments.
func (c *call) has(prefix ...string) bool {
	if len(c.path) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if c.path[i] != p {
			return false
		}
	}
	return true
}

// reply is one answer, complete before a byte of it is written.
type reply struct {
	status      int
	contentType string
	body        []byte
	retryAfter  string
	allow       string
	location    string
}

func (a reply) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	if a.retryAfter != "" {
		h.Set("Retry-After", a.retryAfter)
	}
	if a.allow != "" {
		h.Set("Allow", a.allow)
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.status == http.StatusRequestEntityTooLarge {
		h.Set("Connection", "close")
	}
	w.WriteHeader(a.status)
	w.Write(a.body) // an error here is the client's going away
}

// split cuts an escaped path "/heyx/api/v1" into "heyx" and ["api" "v1"].
func split(escaped string) (first string, rest []string) {
	first, after, _ := strings.Cut(strings.TrimPrefix(escaped, "/"), "/")
	return first, strings.Split(after, "/")
}
