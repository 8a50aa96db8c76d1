package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"herald/providers/sandbox"
)

// mismatch is one place where a request or an answer is not as the document says.
type mismatch struct {
	vendor    string
	side      string // "request" or "answer"
	operation string // as in verdict
	status    int    // of the answer, 0 for requests
	at        string // JSON pointer, with # for a place in a list; "query after" and the like for parameters
	what      string // the keyword of JSON Schema that is not met, or one of the words below, or the validator's own
}

// What is wrong, where it is no keyword.
const (
	undocumented = "undocumented"            // a member, parameter, body or operation that the document does not have
	noSuchStatus = "status is not supported" // the validator's words
	noAccess     = "security"                // the token is not of the kind that the operation asks for
)

// knownMismatch is where the document is known to say something else than the server does. What is empty in the mismatch
// stands for anything; at is a regular expression for the whole of it.
type knownMismatch struct {
	mismatch
	document string // what the document says
	server   string // what the server does
	source   string
}

// knownMismatches are held true by the test: each must occur, and nothing else may.
func knownMismatches() []knownMismatch {
	const (
		cw    = "github.com/chatwoot/chatwoot v4.14.2 "
		calls = cw + "app/controllers/api/v1/accounts/conversations/messages_controller.rb"
		list  = "GET conversations/{conversation_id}/messages"
		of    = cw + "app/controllers/api/v1/accounts/"
		views = cw + "app/views/api/v1/accounts/"
		rails = cw + "app/controllers/concerns/request_exception_handler.rb"
		docs  = "https://docs.99digital.co.il/online-api/messages/create-a-message"
	)
	return []knownMismatch{
		{mismatch{side: "answer", status: 401, at: "/error", what: undocumented},
			`{"description", "errors": [{"field", "message", "code"}]}`, `{"error": "..."}`, cw + "app/controllers/concerns/access_token_auth_helper.rb, ensure_current_account_helper.rb"},
		{mismatch{side: "answer", status: 404, at: "/error", what: undocumented},
			`{"description", "errors": [{"field", "message", "code"}]}`, `{"error": "Resource could not be found"}`, rails},
		{mismatch{side: "answer", status: 401, what: noSuchStatus},
			"no 401 of most operations, creating a message among them", "401 for a wrong token, of every operation", cw + "app/controllers/concerns/access_token_auth_helper.rb"},
		{mismatch{side: "answer", operation: "POST conversations/{conversation_id}/messages", status: 422, what: noSuchStatus},
			"200, 403 and 404", `422 {"error": "..."} for everything that is wrong with a message`, calls},
		{mismatch{side: "answer", status: 429, what: noSuchStatus},
			"no limit", "429, in plain text", cw + "config/initializers/rack_attack.rb"},
		{mismatch{side: "request", operation: list, at: "query filter_internal_messages", what: undocumented},
			"the parameters after and before", "also leaves out private notes and events, when asked", cw + "app/finders/message_finder.rb"},
		{mismatch{side: "answer", operation: list, status: 200, at: "/meta/contact/[a-z_]+", what: undocumented},
			"meta.contact is a list of contacts in payload", "meta.contact is one contact", cw + "app/views/api/v1/accounts/conversations/messages/index.json.jbuilder"},
		{mismatch{side: "answer", operation: "DELETE conversations/{conversation_id}/messages/{message_id}", status: 200, what: undocumented},
			"200 without a body", "answers the message that is left", cw + "app/views/api/v1/accounts/conversations/messages/destroy.json.jbuilder"},
		{mismatch{side: "request", operation: "PATCH /api/v1/accounts/#/conversations/#/messages/#", what: undocumented},
			"no such operation", "changes status and external_error, in inboxes of API channels", calls},
		{mismatch{side: "request", operation: "POST /api/v1/accounts/#/conversations/#/messages/#/retry", what: undocumented},
			"no such operation", "has the message delivered once more", calls},
		{mismatch{side: "request", operation: "GET conversations/{conversation_id}", what: noAccess},
			"a user's token", "a user's or a bot's", cw + "app/controllers/concerns/access_token_auth_helper.rb"},
		{mismatch{side: "request", at: "/template_params", what: "required"},
			"template_params has name, category, language and processed_params", "name is enough", cw + "app/models/message.rb"},
		{mismatch{side: "answer", operation: "POST contacts", status: 200, at: "/payload", what: "type"},
			"payload is a list of contacts", "payload has contact, and contact_inbox: by what the inbox knows it", views + "contacts/create.json.jbuilder"},
		{mismatch{side: "answer", operation: "POST contacts", status: 422, what: noSuchStatus},
			"200 and 400", `422 {"message": "...", "attributes": ["..."]} for what a contact may not be, also for one that is there`, rails},
		{mismatch{side: "answer", operation: "POST contacts", status: 404, what: noSuchStatus},
			"200 and 400", "404 for an inbox that is not there", of + "contacts_controller.rb"},
		{mismatch{side: "request", operation: "POST contacts/filter", at: "/payload/#/query_operator", what: "type"},
			"AND or OR, though its own example has null", "null after the last condition", cw + "app/services/filter_service.rb"},
		{mismatch{side: "answer", operation: "POST contacts/filter", status: 422, what: noSuchStatus},
			"200 and 400", `422 {"error": "..."} for a condition that it does not know`, of + "contacts_controller.rb"},
		{mismatch{side: "answer", operation: "GET contacts/search", status: 200, at: "/meta/has_more", what: undocumented},
			"meta has count and current_page", "meta also has has_more", views + "contacts/search.json.jbuilder"},
		{mismatch{side: "answer", operation: "GET contacts/search", status: 422, what: noSuchStatus},
			"200 and 401", `422 {"error": "..."} without words to search for`, of + "contacts_controller.rb"},
		{mismatch{side: "answer", operation: "POST contacts/{id}/contact_inboxes", status: 404, what: noSuchStatus},
			"200, 401 and 422", "404 for a contact or an inbox that is not there", of + "contacts/contact_inboxes_controller.rb"},
		{mismatch{side: "answer", operation: "POST contacts/{id}/contact_inboxes", status: 500, what: noSuchStatus},
			"200, 401 and 422", "500 for a source_id that is another contact's", of + "contacts/contact_inboxes_controller.rb, " + cw + "app/builders/contact_inbox_builder.rb"},
		{mismatch{side: "answer", operation: "POST conversations", status: 200, at: "/[a-z_]+", what: undocumented},
			"id, account_id and inbox_id", "the whole conversation, as lists have it", views + "conversations/create.json.jbuilder"},
		{mismatch{side: "answer", operation: "POST conversations", status: 404, what: noSuchStatus},
			"200 and 403", "404 for a contact or an inbox that is not there", of + "conversations_controller.rb"},
		{mismatch{side: "answer", operation: "POST conversations", status: 422, what: noSuchStatus},
			"200 and 403", `422 {"error": "..."} for a source_id that is another contact's`, of + "conversations_controller.rb"},
		{mismatch{vendor: sandbox.Digital99, side: "request", at: "/message_type", what: "enum"},
			"outgoing and incoming", "99digital: also activity and template", docs},
		{mismatch{vendor: sandbox.Digital99, side: "answer", status: 200, at: ".*/created_at_exact", what: undocumented},
			"created_at, in seconds", "99digital: also created_at_exact", docs},
	}
}

func (k knownMismatch) covers(m mismatch) bool {
	fits := func(known, got string) bool { return known == "" || known == got }
	return fits(k.vendor, m.vendor) && fits(k.side, m.side) && fits(k.operation, m.operation) && fits(k.what, m.what) &&
		(k.status == 0 || k.status == m.status) && (k.at == "" || regexp.MustCompile("^"+k.at+"$").MatchString(m.at))
}

func (m mismatch) String() string {
	side := m.side
	if m.status != 0 {
		side += " " + strconv.Itoa(m.status)
	}
	return fmt.Sprintf("%s, %s of %s: %q: %s", m.vendor, side, m.operation, m.at, m.what)
}

// list takes the validator's error apart, each fault once. m says whose fault it is.
func (m mismatch) list(err error) (found []mismatch) {
	add := func(more ...mismatch) {
		for _, one := range more {
			if !slices.Contains(found, one) {
				found = append(found, one)
			}
		}
	}
	switch e := err.(type) {
	case nil:
	case openapi3.MultiError:
		for _, one := range e {
			add(m.list(one)...)
		}
	case *openapi3filter.SecurityRequirementsError:
		m.what = noAccess
		add(m)
	case *openapi3filter.RequestError:
		if e.Parameter != nil {
			m.at = e.Parameter.In + " " + e.Parameter.Name
		}
		add(m.wrapped(e.Reason, e.Err)...)
	case *openapi3filter.ResponseError:
		add(m.wrapped(e.Reason, e.Err)...)
	case *openapi3.SchemaError:
		var parts openapi3.MultiError
		// Which part of a oneOf or anyOf was meant nobody knows.
		if errors.As(e.Origin, &parts) && e.SchemaField != "oneOf" && e.SchemaField != "anyOf" {
			return m.list(parts)
		}
		add(m.schema(e))
	default:
		m.what = err.Error()
		add(m)
	}
	return found
}

// wrapped goes on with what an error wraps; its own words count only where that is not about a schema.
func (m mismatch) wrapped(reason string, err error) []mismatch {
	var schema *openapi3.SchemaError
	switch {
	case err == nil:
		m.what = reason
		return []mismatch{m}
	case errors.As(err, &schema) || reason == "" || reason == err.Error():
		return m.list(err)
	}
	return m.list(fmt.Errorf("%s: %w", reason, err))
}

// schema says what one keyword found.
func (m mismatch) schema(e *openapi3.SchemaError) mismatch {
	for _, step := range e.JSONPointer() {
		if _, err := strconv.Atoi(step); err == nil {
			step = "#"
		}
		m.at += "/" + step
	}
	switch {
	case e.SchemaField != "":
		m.what = e.SchemaField
	case strings.HasSuffix(e.Reason, "false schema"): // how the validator says that no member was expected here
		m.what = undocumented
	default:
		m.what = e.Reason
	}
	return m
}
