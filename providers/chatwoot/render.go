package chatwoot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

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

// Render makes the request of one message.
func (p *account) Render(m providers.Message) (providers.Request, []providers.Problem) {
	to, problems := p.destination(m.Address)
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
	to.Method, to.Body = http.MethodPost, raw
	return to, problems
}

// destination makes the part of a request that says where it goes: into a conversation that is there, or into one that is
// to be opened first.
func (p *account) destination(address providers.Values) (providers.Request, []providers.Problem) {
	wrong := providers.Problem{Part: providers.PartAddress, Field: "conversation_id", Index: -1}
	given, there := address["conversation_id"]
	id := address.Int("conversation_id")
	switch none := !there || given == ""; {
	case none && p.inbox > 0:
		opening, problems := p.opening(address)
		return providers.Request{Path: p.messagesIn(providers.PlaceMark), Opening: opening}, problems
	case none:
		wrong.Summary = "No conversation"
		wrong.Detail = fmt.Sprintf("There is no conversation to write into. Give its number as conversation_id, or give inbox_id in the block provider %q, "+
			"so that one is opened in that inbox for everybody who has none.", p.name)
	case id <= 0:
		wrong.Summary = "A conversation_id that is no number of a conversation"
		wrong.Detail = fmt.Sprintf("conversation_id is %s; conversations are numbered from 1 within the account, as in the address of their page.",
			providers.Quote(fmt.Sprint(given)))
	default:
		return providers.Request{Path: p.messagesOf(id), Place: strconv.FormatInt(id, 10)}, nil
	}
	return providers.Request{}, []providers.Problem{wrong}
}

// messagesOf is where a conversation's messages are created and listed.
func (p *account) messagesOf(conversation int64) string {
	return p.messagesIn(strconv.FormatInt(conversation, 10))
}

func (p *account) messagesIn(place string) string { return p.under("conversations", place, "messages") }

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
	all := check{p: p, problems: c.Shape()}
	switch c.Kind {
	case providers.KindText:
		m.Content = c.Text
		return m, append(all.problems, p.written("text", "text", c.Text, m.MessageType)...)
	case providers.KindNative:
		own, problems := p.native(c.Native, o)
		return own, append(all.problems, problems...)
	case providers.KindQuickReplies:
		q := c.QuickReplies
		m.Content, m.ContentType = q.Title, "input_select"
		list := items[reply]{make([]reply, len(q.Replies))}
		for i, r := range q.Replies {
			list.Items[i] = reply{Title: r, Value: r}
		}
		m.ContentAttributes = list
	case providers.KindCards:
		m.Content, m.ContentType, m.ContentAttributes = c.Cards.Title, "cards", all.cards(c.Cards.Cards)
	case providers.KindForm:
		m.Content, m.ContentType, m.ContentAttributes = c.Form.Title, "form", all.form(c.Form.Fields)
	case providers.KindArticles:
		if !p.articles {
			return nil, []providers.Problem{p.facts().CannotCarry(c.Kind)}
		}
		m.Content, m.ContentType, m.ContentAttributes = c.Articles.Title, "article", all.articles(c.Articles.Articles)
	default:
		return nil, []providers.Problem{p.facts().CannotCarry(c.Kind)}
	}
	return m, append(p.titled(m.Content, m.MessageType), all.problems...)
}
