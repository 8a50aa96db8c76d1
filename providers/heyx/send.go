package heyx

import (
	"context"
	"net/http"

	"herald/providers"
	"herald/providers/wire"
)

// Type is HeyX: its facts, and how to open an account.
func Type() providers.Type { return providers.Type{Facts: facts(), Open: open} }

// account is one channel of HeyX.
type account struct {
	*wire.Client
	viber bool
}

func open(a providers.Account) (providers.Provider, error) {
	client, err := wire.Open(facts(), a, http.Header{"Authorization": {"Bearer " + a.Settings.String("token")}})
	if err != nil {
		return nil, err
	}
	return &account{Client: client, viber: a.Settings.String("channel") == "viber"}, nil
}

// Send makes one attempt. The key stays here: HeyX has no place for it.
func (p *account) Send(ctx context.Context, r providers.Request, _ providers.Key) providers.Outcome {
	return p.Client.Send(ctx, r, classify)
}
