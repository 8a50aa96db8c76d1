// Package addr names what a campaign sends: sequences, messages and single sends.
//
// A send is one message to one person and is written
//
//	renewal.offer["c0000001"]
//
// with the person's key quoted and escaped as an HCL string. The types are small comparable structs, so they serve as
// map keys; every name that is printed anywhere parses back to the same value. A Target is what people give on the
// command line: a sequence, a message, or one send.
//
//	t, err := addr.Parse(`renewal.offer["c1"]`)
//	t.Covers(addr.Send{Message: addr.Message{Sequence: "renewal", Name: "offer"}, Key: "c1"}) // true
//
// The package is a leaf: it imports nothing of herald, and must not know what a provider, a plan or a ledger is.
package addr
