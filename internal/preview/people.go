package preview

import (
	"html/template"
	"time"

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
	Waits                  string
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

// shown gives the names as a choice can show them.
func (n *numbers) shown() (all []string) {
	for _, name := range n.names {
		all = append(all, plain(name, longName))
	}
	return all
}

// gather draws the messages of r, those of one name together, until the page is full.
func gather(r report.Review) (chats []chat, choices filters, shown int) {
	var providers, messages, people numbers
	first, _ := bound(r.Drawn, maxDrawn)
	persons := r.Persons()
	size := 0
	for i, d := range first {
		html := Bubble(d.Content, d.Verb)
		if size += len(html); size > maxBytes && shown > 0 {
			break
		}
		shown++
		m := messages.of(d.Message)
		if m == len(chats) {
			chats = append(chats, chat{ID: m, Name: d.Message})
		}
		chats[m].Drawn = append(chats[m].Drawn, drawn{
			Provider: d.Provider, Account: d.Account, Why: d.Why, Due: d.Due, Waits: d.Waits, Who: persons[i],
			Bubble: html, ByProvider: providers.of(d.Provider), ByPerson: people.of(persons[i]),
		})
	}
	return chats, filters{providers.shown(), messages.shown(), people.shown()}, shown
}
