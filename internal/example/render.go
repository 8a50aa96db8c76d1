package example

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// payload is the request's body.
//
// CHANGE: the vendor's names, in the order of its sample. Use structs: their members have one order, and a plan must say
// the same whenever it is made.
type payload struct {
	Text string `json:"text"`
}

// Render makes the request of one message. It is pure: the same message gives the same bytes, and no secret is in them.
func (p *account) Render(m providers.Message) (providers.Request, []providers.Problem) {
	path, problems := path(m.Address)
	body, wrong := content(m.Content)
	problems = append(problems, wrong...)
	if providers.Failed(problems) {
		return providers.Request{}, problems
	}
	raw, err := wire.JSON(body)
	if err != nil {
		return providers.Request{}, append(problems, wrongContent("", "Content that cannot be encoded", err.Error()))
	}
	return providers.Request{Method: http.MethodPost, Path: path, Body: raw}, problems
}

// path makes the address of one person.
//
// CHANGE: what your vendor's address is made of. Whatever comes from people goes through wire.Segment, or it could lead
// to another address.
func path(address providers.Values) (string, []providers.Problem) {
	to := address.String("to")
	wrong := func(summary, detail string) []providers.Problem {
		return []providers.Problem{{Part: providers.PartAddress, Field: "to", Index: -1, Summary: summary, Detail: detail}}
	}
	switch {
	case strings.TrimSpace(to) == "":
		return "", wrong("No to", "Example needs the person's id, and it is empty here. Give to in the conversation, or leave such people out with where.")
	case !utf8.ValidString(to):
		return "", wrong("A to that is no text", "to is not valid UTF-8. Save its source as UTF-8.")
	case to == "." || to == "..":
		// Servers and proxies take these for steps in the path, escaped or not.
		return "", wrong("A to that no address can hold", "to is "+providers.Quote(to)+", which servers read as another address. Check the column it comes from.")
	}
	return "/v1/messages/" + wire.Segment(to), nil
}

// content makes the body. What the vendor would refuse is a Problem here, so that it is seen before anything is sent: it
// says what, why and how to mend it.
//
// CHANGE: one case for each kind in Facts.Carries. Each begins with c.Shape(), which finds what is wrong for every vendor;
// fields are named by their path, as in card[0].link[1].value: see providers.Path.
func content(c providers.Content) (any, []providers.Problem) {
	switch c.Kind {
	case providers.KindText:
		return payload{Text: c.Text}, append(c.Shape(), written("text", c.Text)...)
	}
	return nil, []providers.Problem{facts().CannotCarry(c.Kind)}
}

// written checks a text against the vendor's limits (messagesPage).
func written(field, s string) []providers.Problem {
	switch n := utf8.RuneCountInString(s); {
	case strings.TrimSpace(s) == "":
		return []providers.Problem{wrongContent(field, "Empty text",
			fmt.Sprintf("%s is empty, and Example has nothing to send then. Write something, or leave such people out with where.", field))}
	case n > maxText:
		return []providers.Problem{wrongContent(field, "Text too long",
			fmt.Sprintf("%s has %d characters; Example takes %d. Shorten it, or send it as more than one message.", field, n, maxText))}
	}
	return nil
}

func wrongContent(field, summary, detail string) providers.Problem {
	return providers.Problem{Part: providers.PartContent, Field: field, Index: -1, Summary: summary, Detail: detail}
}
