package chatwoot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// message is the request's body, in the order of the vendors' samples.
type message struct {
	Content           string `json:"content"`
	MessageType       string `json:"message_type"`
	Private           bool   `json:"private"`
	ContentType       string `json:"content_type"`
	ContentAttributes any    `json:"content_attributes"`
}

type none struct{}

type items struct {
	Items []item `json:"items"`
}

type item struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// Render makes the request of one message.
func (p *account) Render(m providers.Message) (providers.Request, []providers.Problem) {
	path, problems := p.path(m.Address)
	options, wrong := p.options(m.Options)
	problems = append(problems, wrong...)
	body, wrong := p.content(m.Content, options)
	problems = append(problems, wrong...)
	if providers.Failed(problems) {
		return providers.Request{}, problems
	}
	raw, err := wire.JSON(body)
	if err != nil {
		problems = append(problems, wrongContent(string(m.Content.Kind), "Content that cannot be encoded", err.Error()))
		return providers.Request{}, problems
	}
	return providers.Request{Method: http.MethodPost, Path: path, Body: raw}, problems
}

// path makes the address of one conversation.
func (p *account) path(address providers.Values) (string, []providers.Problem) {
	wrong := providers.Problem{Part: providers.PartAddress, Field: "conversation_id", Index: -1}
	given, there := address["conversation_id"]
	id := address.Int("conversation_id")
	switch {
	case !there || given == "":
		wrong.Summary = "No conversation_id"
		wrong.Detail = "A message goes into a conversation that exists. Give its number as conversation_id; opening conversations comes with a later version of herald."
	case id <= 0:
		wrong.Summary = "A conversation_id that is no number of a conversation"
		wrong.Detail = fmt.Sprintf("conversation_id is %s; conversations are numbered from 1 within the account, as in the address of their page.",
			providers.Quote(fmt.Sprint(given)))
	default:
		return "/api/v1/accounts/" + strconv.FormatInt(p.id, 10) + "/conversations/" + strconv.FormatInt(id, 10) + "/messages", nil
	}
	return "", []providers.Problem{wrong}
}

// options are a message's options, with what was not given as absent.
type options struct {
	messageType string // "" when not given
	private     bool
	privateSet  bool
}

func (p *account) options(given providers.Values) (o options, problems []providers.Problem) {
	o.private, o.privateSet = given.Bool("private")
	o.messageType = given.String("message_type")
	if o.messageType != "" && !slices.Contains(p.messageTypes, o.messageType) {
		problems = append(problems, providers.Problem{
			Part: providers.PartOption, Field: "message_type", Index: -1, Summary: "Unknown message_type",
			Detail: fmt.Sprintf("message_type is %s; %s knows %s.", providers.Quote(o.messageType), p.title, strings.Join(p.messageTypes, ", ")),
		})
	}
	return o, problems
}

// content makes the body.
func (p *account) content(c providers.Content, o options) (any, []providers.Problem) {
	m := message{MessageType: "outgoing", Private: o.private, ContentType: "text", ContentAttributes: none{}}
	if o.messageType != "" {
		m.MessageType = o.messageType
	}
	switch c.Kind {
	case providers.KindText:
		m.Content = c.Text
		return m, p.written("text", c.Text, m.MessageType)
	case providers.KindQuickReplies:
		q := c.QuickReplies
		m.Content, m.ContentType = q.Title, "input_select"
		problems := p.written("title", q.Title, m.MessageType)
		if len(q.Replies) == 0 {
			problems = append(problems, wrongContent("replies", "No quick replies", "A question needs at least one reply to tap. Add one, or write it as text."))
		}
		list := items{make([]item, len(q.Replies))}
		for i, r := range q.Replies {
			list.Items[i] = item{Title: r, Value: r}
			if wrong, ok := p.filled("replies", r); !ok {
				wrong.Index = i
				problems = append(problems, wrong)
			}
		}
		m.ContentAttributes = list
		return m, problems
	case providers.KindNative:
		return p.native(c.Native, o)
	}
	return nil, []providers.Problem{p.facts().CannotCarry(c.Kind)}
}

// written checks what stands in content.
func (p *account) written(field, s, messageType string) []providers.Problem {
	if wrong, ok := p.filled(field, s); !ok {
		return []providers.Problem{wrong}
	}
	if n := utf8.RuneCountInString(s); n > maxContent {
		return []providers.Problem{wrongContent(field, "Text too long",
			fmt.Sprintf("%s has %d characters; %s takes %d. Shorten it, or send it as more than one message.", field, n, p.title, maxContent))}
	}
	// Chatwoot's liquidable.rb fills in outgoing and template messages.
	if (messageType == "outgoing" || messageType == "template") && (strings.Contains(s, "{{") || strings.Contains(s, "{%")) {
		warning := wrongContent(field, "Text that the provider fills in itself",
			fmt.Sprintf("%s holds {{ or {%%, which %s reads as a Liquid template: what arrives may differ from what stands here. "+
				"Between backticks it is left alone; values of a contact are written ${contact.name} in herald.", field, p.title))
		warning.Warning = true
		return []providers.Problem{warning}
	}
	return nil
}

// filled checks a text that must not be empty.
func (p *account) filled(field, s string) (providers.Problem, bool) {
	switch {
	case !utf8.ValidString(s):
		return wrongContent(field, "Text that is not UTF-8", fmt.Sprintf("%s is %s, not valid UTF-8. Save its source as UTF-8.", field, providers.Quote(s))), false
	case strings.TrimSpace(s) == "":
		return wrongContent(field, "Empty text", fmt.Sprintf("%s is empty, and %s has nothing to send then. Write something, or leave such people out with where.", field, p.title)), false
	}
	return providers.Problem{}, true
}

func wrongContent(field, summary, detail string) providers.Problem {
	return providers.Problem{Part: providers.PartContent, Field: field, Index: -1, Summary: summary, Detail: detail}
}
