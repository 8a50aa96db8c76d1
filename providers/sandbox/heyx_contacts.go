package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const heyxPerPage = 10 // contacts on one page of a list

// heyxPerson is a contact as HeyX shows it.
type heyxPerson struct {
	ID        string         `json:"id"`
	Fields    map[string]any `json:"custom_fields"`
	Tags      []string       `json:"tags"`
	CreatedAt int64          `json:"created_at"` // Unix seconds
}

// remember makes a contact of whoever was written to.
func (h *heyx) remember(id string, at time.Time) {
	if h.forget {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.known[id]; !known {
		h.known[id] = at
		h.order = append(h.order, id)
	}
}

// person makes a contact's view: the documented fields, empty, and what Options.HeyXFields says.
func (h *heyx) person(id string, since time.Time) heyxPerson {
	p := heyxPerson{ID: id, Fields: map[string]any{}, Tags: []string{}, CreatedAt: since.Unix()}
	for _, name := range []string{"firstName", "lastName", "locale", "timezone", "gender", "phone", "email"} {
		p.Fields[name] = nil
	}
	if h.fields != nil {
		for name, value := range h.fields(id) {
			p.Fields[name] = value
		}
	}
	return p
}

// contact reads one contact.
func (h *heyx) contact(id string) reply {
	h.mu.Lock()
	since, known := h.known[id]
	h.mu.Unlock()
	if !known {
		return heyxError(http.StatusForbidden, "Contact not found.")
	}
	body := encode(struct {
		Data heyxPerson `json:"data"`
	}{h.person(id, since)})
	return reply{status: http.StatusOK, contentType: "application/json", body: body}
}

// byField lists the contacts whose field has a value, in pages of ten, in the shape of Laravel's paginator.
func (h *heyx) byField(c *call) reply {
	query := c.URL.Query()
	name, value := query.Get("name"), query.Get("value")
	if name == "" || !query.Has("value") {
		return heyxError(http.StatusForbidden, "name and value must be given.")
	}
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	h.mu.Lock()
	ids := h.order[:len(h.order):len(h.order)] // only ever appended to
	h.mu.Unlock()
	found := []heyxPerson{}
	for _, id := range ids {
		h.mu.Lock()
		since := h.known[id]
		h.mu.Unlock()
		p := h.person(id, since)
		if got := p.Fields[name]; got != nil && fmt.Sprint(got) == value {
			found = append(found, p)
		}
	}
	return reply{status: http.StatusOK, contentType: "application/json",
		body: encode(heyxPages(found, page, "http://"+c.Host+c.URL.EscapedPath(), name, value))}
}

// heyxPages cuts one page out of a list and says where the others are.
func heyxPages(all []heyxPerson, page int, path, name, value string) any {
	last := max(1, (len(all)+heyxPerPage-1)/heyxPerPage)
	from := min((min(page, last+1)-1)*heyxPerPage, len(all))
	to := min(from+heyxPerPage, len(all))
	link := func(n int) any {
		if n < 1 || n > last {
			return nil
		}
		return path + "?" + url.Values{"name": {name}, "value": {value}, "page": {strconv.Itoa(n)}}.Encode()
	}
	number := func(n int) any {
		if from == to {
			return nil
		}
		return n
	}
	return map[string]any{
		"data":  all[from:to],
		"links": map[string]any{"first": link(1), "last": link(last), "prev": link(page - 1), "next": link(page + 1)},
		"meta": map[string]any{"current_page": page, "from": number(from + 1), "last_page": last, "path": path,
			"per_page": heyxPerPage, "to": number(to), "total": len(all)},
	}
}
