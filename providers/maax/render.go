package maax

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// question is the request's body. The page calls its fields query parameters, but its text puts send_response_url in
// the body, it wants the Content-Type application/json, and prospect_info is an object: so all of it is one JSON body.
type question struct {
	Content        string   `json:"message_content"`
	Platform       string   `json:"platform"`
	AI             int64    `json:"ai_id"`
	ServiceType    string   `json:"service_type"`
	Prospect       prospect `json:"prospect_info"`
	ProspectID     int64    `json:"prospect_id,omitempty"`
	ConversationID int64    `json:"conversation_id,omitempty"`
	OutputFormat   string   `json:"output_format,omitempty"`
	AnswerURL      string   `json:"send_response_url"`
	FollowUpURL    string   `json:"followup_url"`
}

// prospect is who asks. The page shows phone bare, as it does every other value there, names and addresses among them,
// which no JSON is; the older API's page has the same number in quotes, and a number could not keep a leading +. So it
// is a string.
type prospect struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Facebook  string `json:"facebook,omitempty"`
	Instagram string `json:"instagram,omitempty"`
	Intercom  string `json:"intercom,omitempty"`
}

// Render makes the request of one message. {token} stays as it is, so that plans show where the token goes.
func (p *account) Render(m providers.Message) (providers.Request, []providers.Problem) {
	q := question{AI: p.ai, ServiceType: p.serviceType, AnswerURL: p.answerURL, FollowUpURL: p.followUpURL}
	r := reader{address: m.Address}
	q.Platform = r.platform()
	q.ConversationID = r.number("conversation_id")
	q.ProspectID = r.number("prospect_id")
	q.Prospect = r.prospect()
	q.OutputFormat = r.format(m.Options)
	q.Content = r.text(m.Content)
	if providers.Failed(r.problems) {
		return providers.Request{}, r.problems
	}
	body, err := wire.JSON(q)
	if err != nil {
		r.wrong(providers.PartContent, "text", "Content that cannot be encoded", "%v", err)
		return providers.Request{}, r.problems
	}
	return providers.Request{Method: http.MethodPost, Path: path, Body: body, Awaited: p.awaited()}, r.problems
}

// reader takes the parts of a message and collects what is wrong with them.
type reader struct {
	address  providers.Values
	problems []providers.Problem
}

func (r *reader) wrong(part providers.Part, field, summary, detail string, args ...any) {
	r.problems = append(r.problems, providers.Problem{Part: part, Field: field, Index: -1, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

func (r *reader) platform() string {
	given := r.address.String("platform")
	switch {
	case given == "":
		r.wrong(providers.PartAddress, "platform", "No platform",
			"Maax wants to know where you bring its answer to the person. Give platform in the conversation: %s.", strings.Join(platforms(), ", "))
	case !slices.Contains(platforms(), given):
		r.wrong(providers.PartAddress, "platform", "Unknown platform",
			"platform is %s; Maax knows %s.", providers.Quote(given), strings.Join(platforms(), ", "))
	}
	return given
}

// number reads one of Maax's own numbers, 0 when it is not given.
func (r *reader) number(name string) int64 {
	given, there := r.address[name]
	id := r.address.Int(name)
	if there && id <= 0 {
		r.wrong(providers.PartAddress, name, "A number that Maax does not give",
			"%s is %s; give the number that Maax shows, a whole number from 1 on, or leave it out.", name, providers.Quote(fmt.Sprint(given)))
	}
	return id
}

// prospect reads who asks. What is blank counts as not given. The page asks for a first name and one way to reach the
// person, and does not make an exception for those that have a prospect_id. What lacks stands at the block: one that is
// given replaces what the contact has, and Render cannot see whose values these are.
func (r *reader) prospect() prospect {
	p := prospect{
		FirstName: r.known("first_name"), LastName: r.known("last_name"),
		Email: r.known("email"), Phone: r.known("phone"),
		Facebook: r.known("facebook"), Instagram: r.known("instagram"), Intercom: r.known("intercom"),
	}
	if p.FirstName == "" {
		r.wrong(providers.PartAddress, "prospect_info", "No first name",
			"Maax needs the person's first name, also where prospect_id is given, and it is empty here. "+
				"Give first_name in prospect_info { ... }; without that block it is taken from the contact. Or leave such people out with where.")
	}
	if p.Email+p.Phone+p.Facebook+p.Instagram+p.Intercom == "" {
		r.wrong(providers.PartAddress, "prospect_info", "No way to reach the person",
			"Maax needs at least one of %s, also where prospect_id is given, and none is here; last_name does not count. "+
				"Give one in prospect_info { ... }; without that block they are taken from the contact. Or leave such people out with where.", strings.Join(ways(), ", "))
	}
	return p
}

// known reads one thing of prospect_info, "" when it is not given.
func (r *reader) known(name string) string {
	name = "prospect_info." + name
	given := r.address.String(name)
	if !utf8.ValidString(given) {
		r.wrong(providers.PartAddress, name, "Text that is not UTF-8", "%s is %s, not valid UTF-8. Save its source as UTF-8.", name, providers.Quote(given))
	}
	if strings.TrimSpace(given) == "" {
		return ""
	}
	return given
}

// format gives output_format as it is sent, "" where it must be left out.
func (r *reader) format(options providers.Values) string {
	switch given := options.String("output_format"); given {
	case plainText:
		return plainText
	case "", html:
	default:
		r.wrong(providers.PartOption, "output_format", "Unknown output_format",
			"output_format is %s; Maax answers in %s or %s.", providers.Quote(given), plainText, html)
	}
	return ""
}

func (r *reader) text(c providers.Content) string {
	if c.Kind != providers.KindText {
		r.problems = append(r.problems, facts().CannotCarry(c.Kind))
		return ""
	}
	r.problems = append(r.problems, c.Shape()...)
	if strings.TrimSpace(c.Text) == "" {
		r.wrong(providers.PartContent, "text", "Empty text",
			"text is empty, and there is nothing to ask Maax then. Write something, or leave such people out with where.")
	}
	return c.Text
}
