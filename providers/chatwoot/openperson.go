package chatwoot

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"herald/internal/addr"
	"herald/providers"
	"herald/providers/wire"
)

// maxField is how many characters each of a contact's texts may have (records). Ruby counts code points.
const maxField = 255

// information is the block of a conversation that says who the person is.
const information = "contact_info"

// The forms that a contact's texts must have (contacts).
var (
	phoneForm = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

// person is who a conversation is opened for. It is the body of an Opening, and of the request that makes the contact.
type person struct {
	Inbox      int64  `json:"inbox_id"`
	Identifier string `json:"identifier"`
	Name       string `json:"name,omitempty"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone_number,omitempty"`
}

// opening makes what the conversation of a person without a number is opened with. What lacks stands at the block: one
// that is given replaces what the contact has, and Render cannot see whose values these are.
func (p *account) opening(address providers.Values) (*providers.Opening, []providers.Problem) {
	r := personReader{p: p, address: address}
	who := person{Inbox: p.inbox, Identifier: r.text("identifier"), Name: r.text("name"), Email: r.text("email"), Phone: r.text("phone_number")}
	if who.Identifier == "" {
		r.wrong(information, "No identifier", "A contact without an identifier could not be recognised later, and would get a conversation again and again. "+
			"Give identifier in %s { ... }, as in identifier = contact.key; without that block and without conversation_id it is the contact's key.", information)
	}
	if who.Email != "" && !emailForm.MatchString(who.Email) {
		r.wrong(information+".email", "No e-mail address", "email is %s, and %s takes addresses like ada@example.com only. Mend it, or leave it out.",
			providers.Quote(who.Email), p.title)
	}
	if who.Phone != "" && !phoneForm.MatchString(who.Phone) {
		r.wrong(information+".phone_number", "No phone number", "phone_number is %s, and %s takes numbers like +4915112345678 only, with + and country and without spaces. "+
			"Mend it, or leave it out.", providers.Quote(who.Phone), p.title)
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	body, err := wire.JSON(who)
	if err != nil {
		r.wrong(information, "A contact that cannot be encoded", "%v", err)
		return nil, r.problems
	}
	// Another account may have an inbox of the same number, and a conversation of the same number with somebody else.
	return &providers.Opening{Name: fmt.Sprintf("account %d, inbox %d, %s", p.id, who.Inbox, addr.Quote(who.Identifier)), Body: body}, nil
}

// personReader reads contact_info and collects what is wrong with it.
type personReader struct {
	p        *account
	address  providers.Values
	problems []providers.Problem
}

func (r *personReader) wrong(field, summary, format string, args ...any) {
	r.problems = append(r.problems, providers.Problem{Part: providers.PartAddress, Field: field, Index: -1, Summary: summary, Detail: fmt.Sprintf(format, args...)})
}

// text reads one value. What is blank counts as not given, as it does with the vendor.
func (r *personReader) text(name string) string {
	field := information + "." + name
	given := r.address.String(field)
	switch n := utf8.RuneCountInString(given); {
	case !utf8.ValidString(given):
		r.wrong(field, "Text that is not UTF-8", "%s is %s, not valid UTF-8. Save its source as UTF-8.", name, providers.Quote(given))
	case strings.TrimSpace(given) == "":
		return ""
	case n > maxField:
		r.wrong(field, "Text too long", "%s has %d characters; %s takes %d. Shorten it.", name, n, r.p.title, maxField)
	}
	return given
}
