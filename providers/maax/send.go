package maax

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// token is what Send replaces by the attempt's key in the addresses that Maax answers to.
const token = providers.TokenMark

// Type is Maax AI: its facts, and how to open an account.
func Type() providers.Type { return providers.Type{Facts: facts(), Open: open} }

// account is one Sales AI of Maax.
type account struct {
	*wire.Client
	ai                     int64
	serviceType            string
	answerURL, followUpURL string
	reply                  replyPath
}

func open(a providers.Account) (providers.Provider, error) {
	p := &account{
		ai:          a.Settings.Int("ai_id"),
		serviceType: cmp.Or(a.Settings.String("service_type"), sales),
		answerURL:   a.Settings.String("send_response_url"),
		followUpURL: a.Settings.String("followup_url"),
	}
	// Spelled as the vendor spells it.
	client, err := wire.Open(facts(), a, http.Header{"2hd-api-key": {a.Settings.String("api_key")}},
		a.NoNumber("ai_id", "the ID that the Sales AI dashboard shows"),
		checkURL("send_response_url", p.answerURL), checkURL("followup_url", p.followUpURL),
		checkPath(a.Settings.String("reply_path")))
	if err != nil {
		return nil, err
	}
	p.Client = client
	p.reply, _ = parsePath(a.Settings.String("reply_path")) // checked above
	return p, nil
}

// checkURL checks an address that Maax answers to. No error repeats any part of it: hooks hold secrets of their own.
func checkURL(name, s string) error {
	wrong := func(detail string) error { return providers.WrongSetting(name, name+" "+detail) }
	if s == "" {
		return wrong("is not set: Maax posts what it has to say there, to an address of yours such as \"https://hooks.example.com/maax/{token}\"")
	}
	if strings.ContainsAny(strings.ReplaceAll(s, token, ""), "{}") {
		return wrong("has an unknown placeholder: of what stands in braces only {token} is replaced, in just these letters; leave all other braces out")
	}
	// Read with two tokens, so that what differs is where {token} stands.
	one, err := url.Parse(strings.ReplaceAll(s, token, "1"))
	if err != nil || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsSpace) {
		return wrong("is not an address that can be read; write it like \"https://hooks.example.com/maax/{token}\", without spaces")
	}
	two, err := url.Parse(strings.ReplaceAll(s, token, "2"))
	switch {
	case err != nil || one.Scheme != two.Scheme || one.Host != two.Host:
		return wrong("has {token} in its scheme or host, where every send would go somewhere else; put it into the path or behind \"?\"")
	case one.User != nil:
		return wrong("holds a user name or password, which would stand in every plan; leave it out, and let the path or {token} tell who is calling")
	case one.Scheme != "http" && one.Scheme != "https" || one.Hostname() == "":
		return wrong("must be a whole http or https address, like \"https://hooks.example.com/maax/{token}\"")
	case one.Fragment != two.Fragment:
		return wrong("has {token} behind \"#\", which no client sends; put it into the path or behind \"?\"")
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
	trimmed := bytes.TrimSpace(body)
	if !json.Valid(body) || trimmed[0] != '{' {
		return nil, errShape
	}
	answer, err := placeOf(body, "send_response_url")
	later, also := placeOf(body, "followup_url")
	if err != nil || also != nil {
		return nil, errShape
	}
	if later.start < answer.start {
		answer, later = later, answer
	}
	out := make([]byte, 0, len(body)+4*len(key))
	copied := 0
	for _, at := range []place{answer, later} {
		out = append(out, body[copied:at.start]...)
		// Neither {token} nor a key has a character that JSON escapes.
		out = append(out, bytes.ReplaceAll(body[at.start:at.end], []byte(token), []byte(key.String()))...)
		copied = at.end
	}
	return append(out, body[copied:]...), nil
}

// place is where the value of a member stands.
type place struct{ start, end int }

// placeOf finds a member that is a string.
func placeOf(body []byte, name string) (place, error) {
	start, end := wire.Member(body, name)
	if end == 0 || bytes.TrimSpace(body[start:end])[0] != '"' {
		return place{}, errShape
	}
	return place{start, end}, nil
}
