package providertest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"time"

	"herald/providers"
)

// fault is one way in which an attempt goes, with the class that it deserves.
type fault struct {
	name  string
	class providers.Class
	or    providers.Class // what chance may make of it instead; 0 for nothing
	after time.Duration   // how long it has to wait, to within a few seconds; 0 for any time
	taken bool            // the vendor may have taken the message in: then no class may promise that it did not
	slow  bool            // it ends with the account's timeout
	open  func(*line) bool
	play  func(*line) bool // nil with open, or for a server that is not there
}

// reply is a whole answer with a length.
func reply(status int, header, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%sContent-Length: %d\r\n\r\n%s", status, http.StatusText(status), header, len(body), body)
}

// says plays an answer, after which the connection goes on.
func says(text string) func(*line) bool { return func(l *line) bool { l.write(text); return true } }

// lastly plays an answer, after which the connection ends.
func lastly(text string) func(*line) bool { return func(l *line) bool { l.write(text); return false } }

// faultTable lists them: all that is known of a fault is in its line. The answers are made of what the vendor documents.
func (s Subject) faultTable() []fault {
	ok, _ := s.documented(providers.Accepted)
	body := s.body(ok)
	said := func(status int) string { return s.Wrap(status, "A text that no page lists.") }
	all := earlyFaults()
	all = append(all, successes(ok.Status, body)...)
	all = append(all, slowFaults(reply(ok.Status, "", body))...)
	all = append(all, refusals(said)...)
	all = append(all, errorsOnceTaken(said)...)
	return append(all, brokenSuccesses(ok.Status, body, said(ok.Status))...)
}

// earlyFaults happen before the request was read.
func earlyFaults() []fault {
	return []fault{
		{name: "nobody listens", class: providers.NotSent},
		// The reset may outrun the connecting.
		{name: "reset as soon as it is open", class: providers.Unknown, or: providers.NotSent, open: func(l *line) bool { l.reset(); return false }},
		{name: "reset after half of the request's first line", class: providers.Unknown, open: func(l *line) bool { l.in.Discard(8); l.reset(); return false }},
		{name: "closed after half of the request's first line", class: providers.Unknown, open: func(l *line) bool { l.in.Discard(8); return false }},
	}
}

// successes are no faults: the documented answer, in each form that HTTP has for it.
func successes(status int, body string) []fault {
	good := reply(status, "", body)
	chunks := fmt.Sprintf("HTTP/1.1 %d OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", status, body[:1], len(body)-1, body[1:])
	all := []fault{
		{name: "accepted", play: says(good)},
		{name: "accepted, byte by byte", play: func(l *line) bool { l.drip(good, 0); return true }},
		{name: "accepted, in chunks", play: says(chunks)},
		{name: "accepted, by HTTP/1.0 without a length", play: lastly(fmt.Sprintf("HTTP/1.0 %d OK\r\n\r\n%s", status, body))},
	}
	for _, early := range []int{100, 102, 103} {
		all = append(all, fault{name: fmt.Sprintf("accepted, after a %d", early), play: says(fmt.Sprintf("HTTP/1.1 %d Wait\r\nLink: </a>\r\n\r\n%s", early, good))})
	}
	for i := range all {
		all[i].class, all[i].taken = providers.Accepted, true
	}
	return all
}

// slowFaults are cut by the account's timeout.
func slowFaults(good string) []fault {
	all := []fault{
		{name: "accepted, and no answer", play: func(l *line) bool { l.hang(); return false }},
		{name: "accepted, and answered after the timeout", play: func(l *line) bool { l.hang(); l.write(good); return false }},
		{name: "accepted, byte by byte, longer than the timeout", play: func(l *line) bool { l.drip(good, 100*time.Millisecond); return true }},
		{name: "accepted, and all of the answer but its last byte", play: func(l *line) bool { l.write(good[:len(good)-1]); l.hang(); return false }},
		{name: "accepted, and a 102 now and then", play: func(l *line) bool {
			l.drip(strings.Repeat("HTTP/1.1 102 Wait\r\n\r\n", 100), 10*time.Millisecond)
			return false
		}},
	}
	for i := range all {
		all[i].class, all[i].taken, all[i].slow = providers.Unknown, true, true
	}
	return all
}

// refusals say that the message was not taken in, whoever it is for.
func refusals(said func(int) string) (all []fault) {
	add := func(name string, class providers.Class, after time.Duration, answer func() string) {
		all = append(all, fault{name: name, class: class, after: after, play: func(l *line) bool { l.write(answer()); return true }})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		add(fmt.Sprintf("a %d", status), providers.AccountError, 0, func() string { return reply(status, "Location: "+nobody+"/elsewhere\r\n", "") })
	}
	add("401", providers.AccountError, 0, func() string { return reply(401, "", said(401)) })
	add("401 of 2 MiB", providers.AccountError, 0, func() string { return reply(401, "", said(401)+strings.Repeat(" ", 2<<20)) })
	throttled := func(name string, after time.Duration, header func() string) {
		add(name, providers.Throttled, after, func() string { return reply(429, header(), said(429)) })
	}
	throttled("429", 0, func() string { return "" })
	throttled("429, seconds", 30*time.Second, func() string { return "Retry-After: 30\r\n" })
	throttled("429, a date", time.Minute, func() string {
		return "Retry-After: " + time.Now().Add(time.Minute).UTC().Format(http.TimeFormat) + "\r\n"
	})
	throttled("429, a date long past", 0, func() string { return "Retry-After: Mon, 02 Jan 2006 15:04:05 GMT\r\n" })
	throttled("429, never", 0, func() string { return "Retry-After: never\r\n" })
	return all
}

// errorsOnceTaken are what a server answers, or a proxy before it, that may have taken the message in.
func errorsOnceTaken(said func(int) string) []fault {
	all := []fault{
		{name: "accepted, then the connection is closed", play: lastly("")},
		{name: "accepted, then a reset", play: func(l *line) bool { l.reset(); return false }},
	}
	for _, status := range []int{408, 500, 502, 503, 504, 520} {
		all = append(all, fault{name: fmt.Sprintf("accepted, then a %d", status), play: says(reply(status, "Retry-After: 1\r\n", said(status)))})
	}
	for i := range all {
		all[i].class, all[i].taken = providers.Unknown, true
	}
	return all
}

// brokenSuccesses have a success's status, and are not the answer that the vendor documents.
func brokenSuccesses(status int, body, complaint string) (all []fault) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(body))
	z.Close()
	add := func(name string, play func(*line) bool) {
		all = append(all, fault{name: name, class: providers.Unknown, taken: true, play: play})
	}
	for _, wrong := range [][2]string{
		{"of nothing", ""}, {"of half its JSON", body[:len(body)/2]}, {"of JSON without its end", body[:len(body)-1]}, {"of no JSON", "<html>OK</html>"},
		{"that says an error", complaint}, {"after a byte order mark", "\ufeff" + body}, {"of two", body + body}, {"in a list", "[" + body + "]"},
		{"compressed, unasked", zipped.String()}, {"of 2 MiB", body + strings.Repeat(" ", 2<<20)},
	} {
		add("a success "+wrong[0], says(reply(status, "", wrong[1])))
	}
	begin := fmt.Sprintf("HTTP/1.1 %d OK\r\n", status)
	const chunked = "Transfer-Encoding: chunked\r\n\r\n"
	add("a success cut by HTTP/1.0", lastly(fmt.Sprintf("HTTP/1.0 %d OK\r\n\r\n%s", status, body[:len(body)-1])))
	add("a success in chunks without an end", lastly(fmt.Sprintf("%s%s%x\r\n%s\r\n", begin, chunked, len(body), body)))
	add("a success in chunks of no length", lastly(begin+chunked+"zz\r\n"+body+"\r\n0\r\n\r\n"))
	add("a success of two lengths", lastly(fmt.Sprintf("%sContent-Length: %d\r\nContent-Length: 7\r\n\r\n%s", begin, len(body), body)))
	add("a success behind 2 MiB of header", lastly(begin+"X: "+strings.Repeat("x", 2<<20)+"\r\n\r\n"+body))
	add("a success behind a thousand 103", lastly(strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </"+strings.Repeat("a", 1000)+">\r\n\r\n", 1000)+reply(status, "", body)))
	add("204", says("HTTP/1.1 204 No Content\r\n\r\n"))
	add("101", lastly("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"+body))
	add("a 103, then the connection is closed", lastly("HTTP/1.1 103 Early Hints\r\n\r\n"))
	add("no HTTP", lastly(body))
	return all
}
