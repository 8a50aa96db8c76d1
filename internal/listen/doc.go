// Package listen receives vendors' calls over HTTP and makes them durable in the inbox before it answers.
//
//	in, err := inbox.Open(ctx, inbox.Beside("herald.state"))
//	...
//	defer in.Close()
//	server, err := listen.New(listen.Config{
//		Receivers: map[string]providers.Receiver{"maax": maax, "chatwoot.support": support},
//		Known:     known, // whether the ledger awaits an answer with that token
//		Inbox:     in,
//		Observe:   func(e listen.Event) { log.Println(e) },
//	})
//	...
//	for _, r := range server.Routes() {
//		fmt.Println(r.Path) // /maax/{token}, /webhooks/chatwoot.support
//	}
//	l, err := net.Listen("tcp", "127.0.0.1:8080")
//	...
//	err = server.Serve(ctx, l, listen.TLS{}) // until ctx ends; then what is in flight is finished
//
// What proves that a call is the vendor's is either the token in its address, which only the vendor was told, or the
// signature that the Receiver verifies. Answers say nothing that a stranger could use:
//
//	200  it is on the disk, now or since an earlier call that was the same
//	401  the signature is wrong, or too old
//	404  there is no such address, or no send with such a token: both look alike
//	405  it is no POST
//	408  the body came too slowly, or not whole
//	413  the body is too large
//	503  it cannot be kept now: the vendor may call again
//
// GET /healthz answers 200 as long as the server runs. There is nothing else to read, and nothing is redirected. What
// proxies say of a call (X-Forwarded-For and its like, the Host) is never looked at: where a proxy in front takes away
// the beginning of the path, Config.StripPrefix says so.
//
// The package must not understand what it receives, nor touch the ledger: taking in is the work of a run.
package listen
