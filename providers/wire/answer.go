package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"herald/providers"
)

// How many bytes of an answer are read. No vendor's answer to one message comes near MaxAnswer; a page of messages, each
// as long as the vendors allow, is below MaxPage.
const (
	MaxAnswer = 1 << 20
	MaxPage   = 64 << 20
)

// MaxWait bounds how long a Retry-After may ask for.
const MaxWait = 24 * time.Hour

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error     // why Body is not whole, nil when it is
	Now    time.Time // when it came
}

// Success reports whether the status is 2xx and the body is whole: only then may its text be taken as a success.
func (a Answer) Success() bool { return a.Status/100 == 2 && a.Err == nil }

// Outcome makes the outcome of a class, with the vendor's text as reason, or the status where there is no text.
func (a Answer) Outcome(class providers.Class, text string) providers.Outcome {
	o := providers.Outcome{Class: class, HTTP: a.Status}
	if class == providers.Accepted {
		return o
	}
	o.Reason = "HTTP " + strconv.Itoa(a.Status)
	if strings.TrimSpace(text) == "" {
		text = http.StatusText(a.Status)
	} else {
		text = ": " + text
	}
	switch {
	case a.Status/100 == 3:
		text = fmt.Sprintf(", a redirect%s, which is not followed so that the token goes nowhere else; check base_url", a.target())
	case !strings.HasPrefix(text, ":") && text != "":
		text = " " + text
	}
	o.Reason += text
	if a.Err != nil && a.Status/100 == 2 {
		o.Reason += ", and its body could not be read whole: " + a.Err.Error()
	}
	if class == providers.Throttled {
		o.After = a.RetryAfter()
	}
	return o
}

// ByStatus is the outcome where the vendor says nothing about a status. The text is the reason, "" for none.
func (a Answer) ByStatus(text string) providers.Outcome { return a.Outcome(ByStatus(a.Status), text) }

// target says where a redirect leads, without path and query, which may hold anything.
func (a Answer) target() string {
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return " to " + u.Scheme + "://" + u.Host
}

// ByStatus classifies a status where the vendor says nothing about it.
//
// What RFC 9110 defines as a fault of this one request is Refused, what would meet every request of the account is an
// AccountError. A 2xx is Unknown: it takes the vendor's success body to be Accepted. So are 408, 5xx and every status
// that no registry knows, since proxies use them (499, 460, 520) for requests that may well have arrived.
func ByStatus(status int) providers.Class {
	switch status {
	case 400, 404, 409, 410, 412, 413, 414, 416, 417, 422, 423, 424, 428, 451:
		return providers.Refused
	case 401, 402, 403, 405, 406, 407, 411, 415, 421, 426, 431:
		return providers.AccountError
	case 429:
		return providers.Throttled
	}
	if status/100 == 3 {
		return providers.AccountError
	}
	return providers.Unknown
}

// RetryAfter is how long the answer asks to wait: seconds, or a date read against the answer's own Date. It is zero
// where the header is absent, past or unreadable, and at most MaxWait.
func (a Answer) RetryAfter() time.Duration {
	value := strings.TrimSpace(a.Header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(MaxWait/time.Second) {
			return MaxWait
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(a.Time()), 0), MaxWait)
}

// Time is the vendor's clock when it answered, where the answer says so, else ours. Waits that the vendor counts by its
// own clock are counted from here. Its Date has whole seconds and is therefore never late.
func (a Answer) Time() time.Time {
	if at, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		return at
	}
	return a.Now
}
