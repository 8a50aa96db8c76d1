package cli

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/inbox"
	"herald/internal/listen"
	"herald/internal/report"
	"herald/providers"
)

type listenOptions struct {
	campaignOptions
	listen, prefix string
	tls            listen.TLS
	json           bool
}

func listenCommand(e *env) *cli.Command {
	var o listenOptions
	return &cli.Command{
		Name:  "listen",
		Usage: "receive vendors' callbacks and webhooks",
		Description: "What arrives is kept in herald.inbox beside the ledger before it is answered; plan, apply and refresh take it\n" +
			"in. Maax AI calls the URLs of its block, whose {token} only it was told; Chatwoot and 99digital call\n" +
			"/webhooks/ACCOUNT and sign with webhook_secret. Runs until it is interrupted.",
		Flags: append(o.valueFlags(e),
			&cli.StringFlag{Name: "listen", Usage: "listen on `ADDR`", Value: "127.0.0.1:8080", Destination: &o.listen},
			&cli.StringFlag{Name: "path-prefix", Usage: "the beginning of paths that a proxy in front takes away, say `/herald`", Destination: &o.prefix},
			&cli.StringFlag{Name: "tls-cert", Usage: "serve TLS with the certificate in `FILE`", Destination: &o.tls.CertFile},
			&cli.StringFlag{Name: "tls-key", Usage: "its key in `FILE`", Destination: &o.tls.KeyFile},
			jsonFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return receive(ctx, e, o)
		},
	}
}

func receive(ctx context.Context, e *env, o listenOptions) error {
	v := newView(e, o.json)
	return shown(v, receiveCalls(ctx, e, o, v))
}

func receiveCalls(ctx context.Context, e *env, o listenOptions, v view) error {
	s, err := openSession(e, o.campaignOptions, v)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.expectLedger(v, false, false); err != nil {
		return err
	}
	o.tls.CertFile, o.tls.KeyFile = pathOrNone(e, o.tls.CertFile), pathOrNone(e, o.tls.KeyFile)
	if err := o.tls.Check(); err != nil {
		return fmt.Errorf("-tls-cert, -tls-key: %w", err)
	}
	in, err := inbox.Open(ctx, inbox.Beside(s.ledger))
	if err != nil {
		return err
	}
	defer in.Close()
	ledger := &awaited{path: s.ledger}
	defer ledger.close()
	calls := newCallView(e, o.json, v)
	server, err := listen.New(listen.Config{
		Receivers: s.receivers(), Known: ledger.known, Inbox: in, Now: e.now, StripPrefix: o.prefix,
		Observe: calls.observe,
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("-listen=%s: no calls can be received there; give the host and a free port of this machine, as in 127.0.0.1:8080: %w",
			report.Escape(o.listen), err)
	}
	ctx, drain := interrupts(ctx, func() {})
	ctx, cancel := untilDrained(ctx, drain)
	defer cancel()
	calls.listening(listening(l, o, server.Routes()))
	return server.Serve(ctx, l, o.tls)
}

// callView shows calls, which come from many goroutines.
type callView struct {
	mu     sync.Mutex
	env    *env
	stream *report.Stream // nil for text
}

func newCallView(e *env, asJSON bool, v view) *callView {
	c := &callView{env: e}
	if asJSON {
		c.stream = v.(*jsonView).stream
	}
	return c
}

func (c *callView) listening(m report.Listening) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil {
		c.stream.Listening(m)
		return
	}
	m.Text(c.env.out, c.env.style(c.env.out))
}

func (c *callView) observe(ev listen.Event) {
	if ev.Result == listen.Health {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil {
		c.stream.Received(callOf(ev))
		return
	}
	callOf(ev).Text(c.env.out)
}

// receivers gives the accounts whose vendors call us.
func (s *session) receivers() map[string]providers.Receiver {
	all := map[string]providers.Receiver{}
	for name, a := range s.accounts {
		if r, can := a.provider.(providers.Receiver); can {
			all[name] = r
		}
	}
	return all
}

// pathOrNone is a path of a flag that may be left out.
func pathOrNone(e *env, p string) string {
	if p == "" {
		return ""
	}
	return filepath.Clean(e.path(p))
}

// listening says where the server receives what.
func listening(l net.Listener, o listenOptions, routes []listen.Route) report.Listening {
	m := report.Listening{Address: l.Addr().String(), TLS: o.tls != (listen.TLS{}), Routes: []report.Route{}}
	for _, r := range routes {
		m.Routes = append(m.Routes, report.Route{Account: r.Account, Callback: r.Callback, Path: r.Path, Why: r.Unserved})
	}
	return m
}

// callOf is one call as it is shown.
func callOf(ev listen.Event) report.Received {
	m := report.Received{At: ev.At, Account: ev.Account, Callback: ev.Callback, Result: string(ev.Result), Status: ev.Status,
		Bytes: ev.Bytes, Milliseconds: float64(ev.Took) / float64(time.Millisecond)}
	if ev.Err != nil {
		m.Why = ev.Err.Error()
	}
	return m
}
