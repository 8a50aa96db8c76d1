package preview

import (
	"fmt"
	"html/template"
	"time"

	"herald/internal/addr"
	"herald/internal/report"
)

// chat is the drawn messages of one message of a sequence.
type chat struct {
	ID    int
	Name  string
	Drawn []drawn
}

// Width says how much room its messages take beside others.
func (c chat) Width() string {
	switch len(c.Drawn) {
	case 1:
		return "one"
	case 2:
		return "two"
	}
	return "many"
}

// drawn is one of them, with the numbers by which filters know it.
type drawn struct {
	Provider, Account, Why string
	Due                    *time.Time
	Who                    string
	Bubble                 template.HTML
	ByProvider, ByPerson   int
}

// filters is what messages can be filtered by, each choice known by its place.
type filters struct {
	Providers, Messages, People []string
}

// numbers gives each name its place in the order in which names come.
type numbers struct {
	names []string
	at    map[string]int
}

func (n *numbers) of(name string) int {
	if i, known := n.at[name]; known {
		return i
	}
	if n.at == nil {
		n.at = map[string]int{}
	}
	n.at[name] = len(n.names)
	n.names = append(n.names, name)
	return n.at[name]
}

// gather draws the messages of r, those of one name together, until the page is full.
func gather(r report.Review) (chats []chat, f filters, shown int) {
	var providers, messages, people numbers
	first, _ := bound(r.Drawn, maxDrawn)
	size := 0
	for _, d := range first {
		html := Bubble(d.Content, d.Verb)
		if size += len(html); size > maxBytes && shown > 0 {
			break
		}
		shown++
		m := messages.of(d.Message)
		if m == len(chats) {
			chats = append(chats, chat{ID: m, Name: d.Message})
		}
		person := people.of(key(d.Address))
		one := drawn{
			Provider: d.Provider, Account: d.Account, Why: d.Why, Due: d.Due, Who: fmt.Sprintf("person %d", person+1),
			Bubble: html, ByProvider: providers.of(d.Provider), ByPerson: person,
		}
		if r.Contacts {
			one.Who = key(d.Address)
		}
		chats[m].Drawn = append(chats[m].Drawn, one)
	}
	for _, name := range providers.names {
		f.Providers = append(f.Providers, plain(name, longName))
	}
	for _, name := range messages.names {
		f.Messages = append(f.Messages, plain(name, longName))
	}
	for i, name := range people.names {
		if !r.Contacts {
			name = fmt.Sprintf("person %d", i+1)
		}
		f.People = append(f.People, plain(name, longName))
	}
	return chats, f, shown
}

// key gives the person of a send's address; what is no address stands for itself.
func key(address string) string {
	if s, err := addr.ParseSend(address); err == nil {
		return s.Key
	}
	return address
}
