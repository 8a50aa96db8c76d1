package chatwoot

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"

	"herald/providers"
	"herald/providers/wire"
)

// mark is the key of content_attributes that holds an attempt's key. Chatwoot keeps keys of content_attributes that it
// does not know since 4.9.0, and drops them before.
const mark = "herald_key"

// Types are both types of this implementation.
func Types() []providers.Type { return []providers.Type{Digital99(), Chatwoot()} }

// Digital99 is 99digital: its facts, and how to open an account.
func Digital99() providers.Type { return digital99().providerType() }

// Chatwoot is Chatwoot, on its own cloud or on any server: its facts, and how to open an account.
func Chatwoot() providers.Type { return chatwoot().providerType() }

func (f flavour) providerType() providers.Type {
	return providers.Type{
		Facts: f.facts(),
		Open: func(a providers.Account) (providers.Provider, error) {
			wrong := []error{a.NoNumber("account_id", "the number in the address of the account's pages")}
			if _, given := a.Settings["inbox_id"]; given {
				wrong = append(wrong, a.NoNumber("inbox_id", "the inbox's number, as in the address of its settings; or leave it out"))
			}
			// Spelled as the vendor spells it: proxies that drop names with underscores are trouble enough.
			header := http.Header{"api_access_token": {a.Settings.String("api_access_token")}}
			client, err := wire.Open(f.facts(), a, header, wrong...)
			if err != nil {
				return nil, err
			}
			return &account{Client: client, flavour: f, id: a.Settings.Int("account_id"), inbox: a.Settings.Int("inbox_id"), tokenless: len(f.facts().MissingSecrets(a)) > 0,
				secret: a.Settings.String("webhook_secret")}, nil
		},
	}
}

// account is one account of Chatwoot or 99digital.
type account struct {
	*wire.Client
	flavour
	id        int64
	inbox     int64  // in which conversations are opened, 0 for none
	tokenless bool   // the client makes no request then, and says what is missing
	secret    string // webhook_secret
}

// Send makes one attempt, with the key in content_attributes.
func (p *account) Send(ctx context.Context, r providers.Request, key providers.Key) providers.Outcome {
	body, asked, err := marked(r.Body, key)
	if err != nil {
		return providers.Outcome{Class: providers.Refused, Reason: "not sent: " + err.Error()}
	}
	r.Body = body
	return p.Client.Send(ctx, r, func(a wire.Answer) providers.Outcome { return classify(a, asked, key) })
}

var errShape = errors.New("the rendered request is no message object, so it has no place for its mark")

// marked copies a rendered body with the key put in, and says which message type it asks for. The bytes that were
// reviewed stay as they are, which decoding and encoding would not promise.
func marked(body []byte, key providers.Key) (out []byte, asked string, err error) {
	trimmed := bytes.TrimSpace(body)
	if !json.Valid(body) || trimmed[0] != '{' {
		return nil, "", errShape
	}
	asked = "outgoing" // what the vendor takes when nothing is said
	if start, end := wire.Member(trimmed, "message_type"); end > 0 {
		asked = wire.Text(trimmed[start:end])
	}
	where, before, after := len(trimmed)-1, `,"content_attributes":{`, "}"
	if start, end := wire.Member(trimmed, "content_attributes"); end > 0 {
		value := bytes.TrimSpace(trimmed[start:end])
		if value[0] != '{' {
			return nil, "", errShape
		}
		where, before, after = start+bytes.LastIndexByte(trimmed[start:end], '}'), ",", ""
		if len(bytes.TrimSpace(value[1:len(value)-1])) == 0 {
			before = ""
		}
	} else if len(bytes.TrimSpace(trimmed[1:where])) == 0 {
		before = before[1:]
	}
	out = make([]byte, 0, len(trimmed)+len(before)+len(mark)+2*len(key)+len(after)+5)
	out = append(out, trimmed[:where]...)
	out = append(out, before...)
	out = append(out, `"`+mark+`":"`...)
	out = hex.AppendEncode(out, key[:])
	out = append(out, '"')
	out = append(out, after...)
	return append(out, trimmed[where:]...), asked, nil
}
