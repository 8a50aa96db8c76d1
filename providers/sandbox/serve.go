package sandbox

import (
	"crypto/subtle"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const maxBody = 1 << 20 // bytes of a request body

// serve is the whole server: the pages for people, and each vendor under its prefix.
func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
	if !s.local(r.Host) {
		http.Error(w, "This server answers only to loopback names.", http.StatusMisdirectedRequest)
		return
	}
	first, rest := split(r.URL.EscapedPath())
	if v := s.vendor(first); v != nil {
		s.serveVendor(w, r, v, rest)
		return
	}
	if v := s.vendor(rest[0]); first == redirected && v != nil {
		s.serveRedirected(w, v)
		return
	}
	s.servePage(w, r)
}

// local keeps web pages of other hosts out: a name that somebody points at 127.0.0.1 must not read what arrived.
func (s *Sandbox) local(host string) bool {
	if host == s.addr {
		return true
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return isLoopback(strings.Trim(host, "[]"))
}

func (s *Sandbox) serveVendor(w http.ResponseWriter, r *http.Request, v *vendor, path []string) {
	c := &call{Request: r, path: path, at: arrival(r)}
	n, in := v.arrive(c.at, v.api.limiter(c))
	var f Fault
	if in && s.fault != nil {
		f = s.fault(v.Name, n, r)
	}
	if f.Kind == FaultResetBefore {
		drop(w)
		return
	}
	body, err := readBody(r)
	switch {
	case errors.Is(err, errTooLarge):
		v.api.fail(http.StatusRequestEntityTooLarge).write(w)
		return
	case err != nil: // the request never came whole: nothing to answer
		drop(w)
		return
	}
	c.body = body
	if !in {
		s.wait(time.Duration(s.latency.Load()))
		v.api.fail(http.StatusTooManyRequests).write(w)
		return
	}
	s.carryOut(w, c, v, f)
}

// carryOut answers a request that the limit let in, with the fault that was chosen for it.
func (s *Sandbox) carryOut(w http.ResponseWriter, c *call, v *vendor, f Fault) {
	var a reply
	switch f.Kind {
	case FaultDropBefore:
		drop(w)
		return
	case FaultThrottle:
		a = v.api.fail(http.StatusTooManyRequests)
		if f.RetryAfter > 0 {
			a.retryAfter = strconv.Itoa(f.RetryAfter)
		}
	case FaultRedirect:
		a = v.redirect()
	case FaultErrorIn200:
		a = v.api.fail(http.StatusInternalServerError)
		a.status = http.StatusOK // every vendor's success
	case FaultDelay:
		if !s.wait(f.Delay) {
			drop(w)
			return
		}
		a = v.api.answer(c)
	default:
		a = v.api.answer(c)
	}
	switch f.Kind {
	case FaultDropAfter:
		drop(w)
		return
	case FaultHang:
		s.hang(c.Request)
		drop(w)
		return
	case FaultError:
		a = v.api.fail(http.StatusInternalServerError)
	case FaultBadJSON:
		a.status, a.body = http.StatusOK, a.body[:len(a.body)/2]
	}
	s.wait(time.Duration(s.latency.Load()))
	s.write(w, c.Request, a, f)
}

var errTooLarge = errors.New("request body is too large")

// readBody reads at most maxBody bytes.
func readBody(r *http.Request) ([]byte, error) {
	switch {
	case r.ContentLength > maxBody:
		return nil, errTooLarge
	case r.ContentLength >= 0:
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = errTooLarge
	}
	return body, err
}

// sameSecret compares in constant time.
func sameSecret(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
