package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

// Talks says how many conversations were created for a contact in one inbox, whatever the client was told.
type Talks struct {
	Vendor        string `json:"vendor"`
	Account       int64  `json:"account"`
	Inbox         int64  `json:"inbox"`
	Contact       int64  `json:"contact"`
	Identifier    string `json:"identifier"`
	Conversations int    `json:"conversations"`
}

// Talks lists the contacts that were created with digital99 or chatwoot and the inboxes in which they have conversations,
// in the order in which they were created. It is empty for other vendors.
func (s *Sandbox) Talks(vendor string) (all []Talks) {
	v := s.vendor(vendor)
	if v == nil {
		return nil
	}
	k, ok := v.api.(*chatwoot)
	if !ok {
		return nil
	}
	return k.store.figures(vendor)
}

func (s *chatwootStore) figures(vendor string) (all []Talks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for account, people := range s.contacts {
		for _, one := range people.all {
			of := map[int64]int{}
			for _, c := range one.talks {
				of[c.made.inbox]++
			}
			for inbox, n := range of {
				all = append(all, Talks{vendor, account, inbox, one.id, one.identifier, n})
			}
		}
	}
	slices.SortFunc(all, func(a, b Talks) int {
		return slices.Compare([]int64{a.Account, a.Contact, a.Inbox}, []int64{b.Account, b.Contact, b.Inbox})
	})
	return all
}

// talksJSON gives Talks of each vendor that has some, or of that of ?vendor=.
func (s *Sandbox) talksJSON(w http.ResponseWriter, r *http.Request) {
	vendors, ok := s.asked(w, r)
	if !ok {
		return
	}
	all := []Talks{}
	for _, v := range vendors {
		all = append(all, s.Talks(v.Name)...)
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, "%s\n", encode(all))
}
