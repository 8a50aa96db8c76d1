package maax

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// token is what Send replaces by the attempt's key in the addresses that Maax answers to.
const token = "{token}"

// Type is Maax AI: its facts, and how to open an account.
func Type() providers.Type { return providers.Type{Facts: facts(), Open: open} }

// account is one Sales AI of Maax.
type account struct {
	*wire.Client
	ai                     int64
	serviceType            string
	answerURL, followUpURL string
}

func open(a providers.Account) (providers.Provider, error) {
	p := &account{
		ai:          a.Settings.Int("ai_id"),
		serviceType: cmp.Or(a.Settings.String("service_type"), sales),
		answerURL:   a.Settings.String("send_response_url"),
		followUpURL: a.Settings.String("followup_url"),
	}
	if p.ai <= 0 {
		return nil, errors.New("ai_id must be a whole number from 1 on: the ID that the Sales AI dashboard shows")
	}
	if err := cmp.Or(checkURL("send_response_url", p.answerURL), checkURL("followup_url", p.followUpURL)); err != nil {
		return nil, err
	}
	var err error
	// Spelled as the vendor spells it.
	p.Client, err = wire.Open(facts(), a, http.Header{"2hd-api-key": {a.Settings.String("api_key")}})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// checkURL checks an address that Maax answers to. No error repeats any part of it: hooks hold secrets of their own.
func checkURL(name, s string) error {
	if s == "" {
		return fmt.Errorf("%s is not set: Maax posts what it has to say there, to an address of yours such as \"https://hooks.example.com/maax/%s\"", name, token)
	}
	// Read with two tokens, so that what differs is where {token} stands.
	one, err := url.Parse(strings.ReplaceAll(s, token, "1"))
	if err != nil || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsSpace) {
		return fmt.Errorf("%s is not an address that can be read; write it like \"https://hooks.example.com/maax/%s\", without spaces", name, token)
	}
	two, err := url.Parse(strings.ReplaceAll(s, token, "2"))
	switch {
	case err != nil || one.Scheme != two.Scheme || one.Host != two.Host:
		return fmt.Errorf("%s has %s in its scheme or host, where every send would go somewhere else; put it into the path or behind \"?\"", name, token)
	case one.User != nil:
		return fmt.Errorf("%s holds a user name or password, which would stand in every plan; leave it out, and let the path or %s tell who is calling", name, token)
	case one.Scheme != "http" && one.Scheme != "https" || one.Hostname() == "":
		return fmt.Errorf("%s must be a whole http or https address, like \"https://hooks.example.com/maax/%s\"", name, token)
	case one.Fragment != two.Fragment:
		return fmt.Errorf("%s has %s behind \"#\", which no client sends; put it into the path or behind \"?\"", name, token)
	}
	return nil
}

// Send makes one attempt, with the key in the addresses that Maax answers to. No outcome is Marked: the key comes back
// with the call to such an address, not with the answer to this request.
func (p *account) Send(ctx context.Context, r providers.Request, key providers.Key) providers.Outcome {
	body, err := addressed(r.Body, key)
	if err != nil {
		return providers.Outcome{Class: providers.Refused, Reason: "not sent: " + err.Error()}
	}
	r.Body = body
	return p.Client.Send(ctx, r, classify)
}

var errShape = errors.New("the rendered request is no question to Maax with both of its addresses")

// addressed copies a rendered body with the key put in where {token} stands in the two addresses. Every other byte
// stays as it was reviewed, a {token} in the text too, which decoding and encoding would not promise.
func addressed(body []byte, key providers.Key) ([]byte, error) {
	if !json.Valid(body) {
		return nil, errShape
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if start, _ := d.Token(); start != json.Delim('{') {
		return nil, errShape
	}
	out := make([]byte, 0, len(body)+4*len(key))
	copied, found := 0, map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errShape
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, errShape
		}
		if name != "send_response_url" && name != "followup_url" {
			continue
		}
		if value[0] != '"' {
			return nil, errShape
		}
		found[name.(string)] = true
		end := int(d.InputOffset())
		out = append(out, body[copied:end-len(value)]...)
		// Neither {token} nor a key has a character that JSON escapes.
		out = append(out, bytes.ReplaceAll(value, []byte(token), []byte(key.String()))...)
		copied = end
	}
	if len(found) != 2 {
		return nil, errShape
	}
	return append(out, body[copied:]...), nil
}
