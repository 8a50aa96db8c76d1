package avaamo

import (
	"context"
	"net/http"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// Type is Avaamo: its facts, and how to open an account.
func Type() providers.Type { return providers.Type{Facts: facts(), Open: open} }

// device is what the vendor wants as Device-Id where one conversation is read: any number (conversationPage).
const device = "12345678"

// account is one agent of Avaamo.
type account struct {
	bot          int64
	poster, list *wire.Client // each with a token of its own
	listless     bool         // list makes no request, and says what is missing
	assumeAbsent bool
	now          func() time.Time
}

func open(a providers.Account) (providers.Provider, error) {
	poster, err := wire.Open(facts(), a, http.Header{"access-token": {a.Settings.String("access_token")}},
		a.NoNumber("bot_id", "the number in the address of the agent's page"))
	if err != nil {
		return nil, err
	}
	list, err := wire.Open(readingFacts(), a, http.Header{"access-token": {a.Settings.String("agent_token")}, "Device-Id": {device}})
	if err != nil {
		poster.Close()
		return nil, err
	}
	assume, _ := a.Settings.Bool("assume_absent")
	return &account{bot: a.Settings.Int("bot_id"), poster: poster, list: list, listless: len(readingFacts().MissingSecrets(a)) > 0, assumeAbsent: assume, now: time.Now}, nil
}

// readingFacts are the facts as they are for reading: the token that reads is required, and no other.
func readingFacts() providers.Facts {
	f := facts()
	for i := range f.Settings {
		if s := &f.Settings[i]; s.Secret {
			s.Required = s.Reads
		}
	}
	return f
}

// Send makes one attempt. The key stays here: Avaamo has no place for it.
func (p *account) Send(ctx context.Context, r providers.Request, _ providers.Key) providers.Outcome {
	return p.poster.Send(ctx, r, classify)
}

// Close frees idle connections.
func (p *account) Close() {
	p.poster.Close()
	p.list.Close()
}
