package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	pageDefault = 100     // messages in /messages.json when ?limit is not given
	pageMost    = 1000    // the largest ?limit
	pageBytes   = 2 << 20 // request bodies in one answer, together
)

// pagePrefix is below what Options.Page is asked, beside /.
const pagePrefix = "/page/"

// servePage serves what tells of the vendors: pages for people and four for programs.
func (s *Sandbox) servePage(w http.ResponseWriter, r *http.Request) {
	if s.given != nil && (r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, pagePrefix)) {
		s.serveGiven(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	page := map[string]http.HandlerFunc{"/": s.index, "/index.txt": s.index, "/messages.json": s.messagesJSON, "/messages.jsonl": s.messagesJSONL,
		"/requests.json": s.requestsJSON, "/talks.json": s.talksJSON}[r.URL.Path]
	switch {
	case page == nil:
		http.Error(w, fmt.Sprintf("Nothing is here. The emulators are under /%s; what arrived is at /messages.json.",
			strings.ReplaceAll(s.names(), ", ", ", /")), http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This page can only be read.", http.StatusMethodNotAllowed)
	default:
		page(w, r)
	}
}

// serveGiven asks the page that was given. It ends with the sandbox, whatever it waits for.
func (s *Sandbox) serveGiven(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stop := s.closing(func() {
		cancel() // first, so that a page which looks at it after moving its deadline sees that it is over
		http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0))
	})
	defer stop()
	s.given.ServeHTTP(w, r.WithContext(ctx))
}

// index lists the emulators and how much came, in plain text and without tokens.
func (s *Sandbox) index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, "Emulators of messaging vendors. Nothing that arrives here leaves this machine.\n\n")
	fmt.Fprintf(w, "%-10s %-40s %10s %10s\n", "vendor", "base_url", "requests", "messages")
	for _, v := range s.vendors {
		fmt.Fprintf(w, "%-10s %-40s %10d %10d\n", v.Name, v.URL, s.Requests(v.Name), s.Count(v.Name))
	}
	fmt.Fprintf(w, "\n%s\n", s.answers.note())
	fmt.Fprint(w, "\nWhat arrived, newest first: /messages.json?vendor=NAME&limit=N\n"+
		"All of it, oldest first, one message a line: /messages.jsonl?vendor=NAME\nCounts: /requests.json?vendor=NAME\n"+
		"Conversations that were opened, by contact: /talks.json?vendor=NAME\n")
}

// messagesJSON gives what arrived, newest first: ?vendor= for one vendor, ?limit= for how many (100, at most 1000).
func (s *Sandbox) messagesJSON(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit := pageDefault
	if given := query.Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 {
			http.Error(w, "limit must be a whole number from 1 to "+strconv.Itoa(pageMost)+".", http.StatusBadRequest)
			return
		}
		limit = min(n, pageMost)
	}
	vendors, ok := s.asked(w, r)
	if !ok {
		return
	}
	page := struct {
		Total    int       `json:"total"`
		Messages []Message `json:"messages"`
	}{Messages: []Message{}}
	for _, v := range vendors {
		page.Total += s.Count(v.Name)
		kept := v.kept()
		page.Messages = append(page.Messages, kept[max(0, len(kept)-limit):]...)
	}
	slices.SortStableFunc(page.Messages, func(a, b Message) int {
		if byTime := b.At.Compare(a.At); byTime != 0 {
			return byTime
		}
		return b.Seq - a.Seq
	})
	page.Messages = page.Messages[:min(limit, len(page.Messages))]
	for i, size := 0, 0; i < len(page.Messages); i++ {
		if size += len(page.Messages[i].Body); size > pageBytes && i > 0 {
			page.Messages = page.Messages[:i]
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(encode(page), '\n'))
}
