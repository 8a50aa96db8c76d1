package example

import (
	"context"
	"net/http"

	"herald/providers"
	"herald/providers/wire"
)

// Type is Example: its facts, and how to open an account.
func Type() providers.Type { return providers.Type{Facts: facts(), Open: open} }

// account is one account of Example. Its Close is that of the client.
type account struct{ *wire.Client }

// open makes an account. A missing token is no error: planning does without, and the client says so when it is to send.
//
// CHANGE: the header that carries the token, and what else is to be known before the first message: settings that
// Render needs belong into account. What is wrong with a setting goes to wire.Open, as a.NoNumber or providers.WrongSetting
// make it, so that all of it is said at once.
func open(a providers.Account) (providers.Provider, error) {
	client, err := wire.Open(facts(), a, http.Header{"Authorization": {"Bearer " + a.Settings.String("token")}})
	if err != nil {
		return nil, err
	}
	return &account{client}, nil
}

// Send makes one attempt. The client sees to it that it is one, whatever happens, and that no secret comes out.
//
// CHANGE: where the vendor keeps something of ours with a message, put the key there, so that a look-up can find it; see
// providers/chatwoot. Example has no place for it.
func (p *account) Send(ctx context.Context, r providers.Request, _ providers.Key) providers.Outcome {
	return p.Client.Send(ctx, r, classify)
}
