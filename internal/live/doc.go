// Package live is the page of a running sandbox: what arrived, drawn as people see it, and what arrives while it is open.
//
//	page := live.New()
//	box, err := sandbox.Start(sandbox.Options{Observe: page.Observe, Witness: page.Witness, Page: page.Serve})
//	if err != nil {
//		return err
//	}
//	defer box.Close()
//	fmt.Println("http://" + box.Addr() + "/")
//
// The page stands at / and is whole without scripts: the newest messages by conversation, with counts. Its script asks for
// what comes after, with server-sent events at /page/events, and lets whoever looks at it answer in the place of the
// person, with a POST to /page/answer, where the emulator has people who write.
//
// What it promises: a page that nobody reads, or that reads slowly, costs the emulators nothing but the note of a message
// (Observe). What it keeps is bounded, and so are the open streams, the size of what is written to them and how often; see
// bound.go. Streams end with the sandbox. All texts are hostile and drawn by package preview. The page may wear its style,
// run its script and ask its own server, and nothing else; other sites get neither the page into a frame nor a stream, and
// cannot answer.
//
// What it must not do: parse a vendor's bodies, which is the emulators' business; listen anywhere; write to disk; show
// tokens.
package live
