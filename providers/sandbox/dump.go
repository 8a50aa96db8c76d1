package sandbox

import (
	"net/http"
	"time"
)

// messagesJSONL gives everything that arrived and was kept, oldest first, one message a line: the whole record, for
// programs. ?vendor= gives one vendor's. What arrives while it is written is left out.
func (s *Sandbox) messagesJSONL(w http.ResponseWriter, r *http.Request) {
	vendors, ok := s.asked(w, r)
	if !ok {
		return
	}
	var left [][]Message // of each vendor, in the order in which it accepted them
	for _, v := range vendors {
		left = append(left, v.kept())
	}
	w.Header().Set("Content-Type", "application/jsonl")
	for {
		next := -1
		for i, l := range left {
			if len(l) > 0 && (next < 0 || l[0].At.Before(left[next][0].At)) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		if _, err := w.Write(append(encode(left[next][0]), '\n')); err != nil {
			return // the reader has gone
		}
		left[next] = left[next][1:]
	}
}

// vendorCounts is what /requests.json says of one vendor.
type vendorCounts struct {
	Requests    int `json:"requests"`     // whatever became of them
	Accepted    int `json:"accepted"`     // messages
	WorstSecond int `json:"worst_second"` // requests in the worst sliding second
	Redirected  int `json:"redirected"`   // requests that followed FaultRedirect
}

// requestsJSON gives the counts of each vendor, by name.
func (s *Sandbox) requestsJSON(w http.ResponseWriter, r *http.Request) {
	vendors, ok := s.asked(w, r)
	if !ok {
		return
	}
	all := map[string]vendorCounts{}
	for _, v := range vendors {
		all[v.Name] = vendorCounts{s.Requests(v.Name), s.Count(v.Name), s.Worst(v.Name, time.Second), s.Redirected(v.Name)}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(encode(all), '\n'))
}

// asked gives the vendors that a page is to tell of: the one of ?vendor=, else all. It answers when there is no such one.
func (s *Sandbox) asked(w http.ResponseWriter, r *http.Request) (vendors []*vendor, ok bool) {
	name := r.URL.Query().Get("vendor")
	if name == "" {
		return s.vendors, true
	}
	v := s.vendor(name)
	if v == nil {
		http.Error(w, "There is no such vendor here: "+s.names()+".", http.StatusNotFound)
		return nil, false
	}
	return []*vendor{v}, true
}
