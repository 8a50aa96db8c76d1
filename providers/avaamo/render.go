package avaamo

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"herald/providers"
	"herald/providers/wire"
)

// postPath is where all messages go, whatever the conversation (messagePage).
const postPath = "/bots_api/v1/messages.json"

// payload is the request's body, in the order of the vendor's samples (messagePage).
type payload struct {
	Message      any    `json:"message"`
	Conversation target `json:"conversation"`
	BotID        int64  `json:"bot_id"`
	ForceLocale  string `json:"force_locale,omitempty"`
}

type target struct {
	UUID string `json:"uuid"`
}

// Render makes the request of one message.
func (p *account) Render(m providers.Message) (providers.Request, []providers.Problem) {
	uuid := m.Address.String("uuid")
	locale := m.Options.String("force_locale")
	problems := append(wrongUUID(uuid), wrongLocale(locale)...)
	said, wrong := content(m.Content)
	problems = append(problems, wrong...)
	if providers.Failed(problems) {
		return providers.Request{}, problems
	}
	body, err := wire.JSON(payload{Message: said, Conversation: target{uuid}, BotID: p.bot, ForceLocale: locale})
	if err != nil {
		problems = append(problems, providers.Problem{Part: providers.PartContent, Field: string(m.Content.Kind), Index: -1,
			Summary: "Content that cannot be encoded", Detail: err.Error()})
		return providers.Request{}, problems
	}
	return providers.Request{Method: http.MethodPost, Path: postPath, Body: body, Place: uuid}, problems
}

// wrongUUID says what is wrong with a conversation's uuid. The pages show hexadecimal ones, with and without hyphens,
// and promise no form; so only what no identifier has is refused.
func wrongUUID(uuid string) []providers.Problem {
	p := providers.Problem{Part: providers.PartAddress, Field: "uuid", Index: -1}
	switch {
	case strings.TrimSpace(uuid) == "":
		p.Summary = "No uuid"
		p.Detail = "Avaamo needs the uuid of a conversation that exists, and it is empty here. Give uuid in the conversation, or leave such people out with where."
	case !utf8.ValidString(uuid):
		p.Summary = "A uuid that is no text"
		p.Detail = "uuid is not valid UTF-8. Save its source as UTF-8."
	case strings.ContainsFunc(uuid, unseen):
		p.Summary = "A uuid with spaces or control characters"
		p.Detail = fmt.Sprintf("uuid is %s; no uuid has spaces, line breaks or characters that cannot be seen. Check the column it comes from.", providers.Quote(uuid))
	case strings.Contains(uuid, "/"):
		p.Summary = "An address for a uuid"
		p.Detail = fmt.Sprintf("uuid is %s, which looks like the address of a page. Give only the uuid, as it stands in the address of the conversation's history.", providers.Quote(uuid))
	default:
		return nil
	}
	return []providers.Problem{p}
}

// unseen reports whether a character leaves no trace on paper.
func unseen(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

// wrongLocale says what is wrong with a force_locale. An empty one is none: a person without a locale has the agent's.
func wrongLocale(locale string) []providers.Problem {
	if locale == "" {
		return nil
	}
	// The library takes underscores for hyphens, which BCP 47 does not.
	if _, err := language.Parse(locale); err == nil && !strings.ContainsRune(locale, '_') {
		return nil
	}
	return []providers.Problem{{Part: providers.PartOption, Field: "force_locale", Index: -1, Summary: "No locale",
		Detail: fmt.Sprintf("force_locale is %s; write a BCP 47 locale, such as \"en\", \"de-AT\" or \"zh-Hant\".", providers.Quote(locale))}}
}
