package cli

import (
	"context"
	"net"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"herald/internal/inbox"
	"herald/internal/listen"
	"herald/providers"
	"herald/spec"
)

// ear receives what the emulators of a rehearsal call with, within this process.
type ear struct {
	listener net.Listener
	inbox    *inbox.Inbox
	ledger   *awaited
	cancel   context.CancelFunc
	done     chan struct{} // nil before it serves
}

// hear begins to receive on a port of this machine. It serves once the accounts are open.
func hear(ctx context.Context, ledger string) (*ear, error) {
	in, err := inbox.Open(ctx, inbox.Beside(ledger))
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		in.Close()
		return nil, err
	}
	return &ear{listener: l, inbox: in, ledger: &awaited{path: ledger}, cancel: func() {}}, nil
}

// point makes a URL of callbacks one of this ear; its path and query stay.
func (r *ear) point(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	_, path, _ := strings.Cut(rest, "/")
	return "http://" + r.listener.Addr().String() + "/" + path
}

// serve receives for the accounts, until close.
func (r *ear) serve(s *session) error {
	server, err := listen.New(listen.Config{Receivers: s.receivers(), Known: r.ledger.known, Inbox: r.inbox, Now: s.env.now})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.done = cancel, make(chan struct{})
	go func() {
		defer close(r.done)
		server.Serve(ctx, r.listener, listen.TLS{}) // its end is the rehearsal's
	}()
	return nil
}

// calls reports whether a vendor of the campaign is told to call us.
func calls(c *spec.Campaign) bool {
	for _, a := range c.Accounts {
		for _, v := range a.Settings {
			if v, _ = v.Unmark(); !v.IsNull() && v.Type() == cty.String && strings.Contains(v.AsString(), providers.TokenMark) {
				return true
			}
		}
	}
	return false
}

func (r *ear) close() {
	r.cancel()
	r.listener.Close()
	if r.done != nil {
		<-r.done
	}
	r.inbox.Close()
	r.ledger.close()
}

// pointCallbacks makes the accounts' vendors call the ear: every setting that says where with {token}.
func (r *ear) pointCallbacks(a *account) {
	for name, v := range a.config.Settings {
		if text, ok := v.(string); ok && strings.Contains(text, providers.TokenMark) {
			a.config.Settings[name] = r.point(text)
		}
	}
}
