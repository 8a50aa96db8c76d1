package listen

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"time"

	"herald/internal/inbox"
)

// keepFor bounds how long a call waits for the disk once it came whole. It is kept though its vendor hangs up meanwhile.
const keepFor = 30 * time.Second

// retryAfter is what a vendor is told that is asked to call again, in seconds.
const retryAfter = 5

// Server receives calls. It is an http.Handler, safe for concurrent use.
type Server struct {
	config Config
	served []route
	all    []Route
	held   held
	nobody [16]byte // a token that no send has
}

// New makes a server. It is an error when there is nothing to receive.
func New(c Config) (*Server, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, held: held{max: c.MaxHeld}}
	rand.Read(s.nobody[:])
	if s.served, s.all = routes(c); len(s.served) == 0 {
		return nil, none(s.all)
	}
	return s, nil
}

// Routes lists the callbacks of all accounts, also those that are not received.
func (s *Server) Routes() []Route { return s.all }

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := Event{At: s.config.Now()}
	begun := time.Now()
	s.receive(r, &e)
	e.Took = time.Since(begun)
	answer(w, r, &e)
	s.config.Observe(e)
}

// receive decides what becomes of a call.
func (s *Server) receive(r *http.Request, e *Event) {
	switch {
	case r.URL.Path == "/healthz" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		e.Result = Health
		return
	case r.Method != http.MethodPost:
		e.Result = BadMethod
		return
	}
	to, token, err := s.find(r)
	if to == nil {
		e.Result = Unknown
		return
	}
	e.Account, e.Callback = to.Account, to.Callback
	if err != nil {
		e.Result, e.Err = Failed, err
		return
	}
	body, taken, err := s.held.read(r, s.config.MaxBody)
	defer s.held.give(taken)
	e.Bytes = len(body)
	switch {
	case errors.Is(err, errTooLarge):
		e.Result = TooLarge
		return
	case errors.Is(err, errBusy):
		e.Result = Busy
		return
	case err != nil: // says nothing but that it came too slowly, or not whole
		e.Result = CutOff
		return
	}
	delivery, err := to.receiver.Verify(to.Callback, r.Header, body, e.At)
	if err != nil {
		e.Result, e.Err = Forged, err
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), keepFor)
	defer cancel()
	fresh, err := s.config.Inbox.Add(ctx, inbox.Item{At: e.At, Account: to.Account, Callback: to.Callback, Token: token, Delivery: delivery, Body: body})
	switch {
	case err != nil:
		e.Result, e.Err = Failed, err
	case fresh:
		e.Result = Stored
	default:
		e.Result = Replayed
	}
}

// find gives the callback that a call is for, nil for none, and the token that proves it, or why that cannot be looked
// up. Whether the address is unknown or the token is, one look-up is made at least.
func (s *Server) find(r *http.Request) (*route, [16]byte, error) {
	asked := ""
	query, ok := parseQuery(r.URL.RawQuery)
	for i := range s.served {
		to := &s.served[i]
		token, fits := to.pattern.match(target{r.URL.Path, query})
		if !ok || !fits {
			continue
		}
		if !to.Token {
			return to, token, nil
		}
		if asked == to.Account {
			continue // of its other callback, with the same token
		}
		asked = to.Account
		known, err := s.config.Known(r.Context(), token, to.Account)
		if known || err != nil {
			return to, token, err
		}
	}
	if asked == "" {
		_, _ = s.config.Known(r.Context(), s.nobody, s.served[0].Account)
	}
	return nil, [16]byte{}, nil
}

// answer answers a call by its result. Nothing of it tells more than the status.
func answer(w http.ResponseWriter, r *http.Request, e *Event) {
	text := "refused\n"
	switch e.Result {
	case Stored, Replayed, Health:
		e.Status, text = http.StatusOK, "ok\n"
	case Forged:
		e.Status = http.StatusUnauthorized
	case Unknown:
		e.Status, text = http.StatusNotFound, "not found\n"
	case BadMethod:
		e.Status = http.StatusMethodNotAllowed
		w.Header().Set("Allow", allowed(r.URL.Path))
	case CutOff:
		e.Status = http.StatusRequestTimeout
	case TooLarge:
		e.Status = http.StatusRequestEntityTooLarge
	default:
		e.Status, text = http.StatusServiceUnavailable, "try again\n"
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if e.Status != http.StatusOK && e.Status != http.StatusServiceUnavailable {
		w.Header().Set("Connection", "close") // what is left of the body is not waited for
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(e.Status)
	_, _ = w.Write([]byte(text))
}

func allowed(path string) string {
	if path == "/healthz" {
		return "GET, HEAD"
	}
	return http.MethodPost
}
