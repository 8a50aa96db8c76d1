// Package inbox keeps what vendors called us with, whole and durably, until a run takes it in. It is the file
// herald.inbox beside the ledger: apart from it, so that whoever receives calls never waits for a run, nor a run for them.
//
// One process at a time receives. It opens the inbox and adds from any number of goroutines; Add returns when the call
// is on the disk, and calls that wait at the same time share one flush:
//
//	in, err := inbox.Open(ctx, inbox.Beside("herald.state"))
//	...
//	defer in.Close()
//	fresh, err := in.Add(ctx, inbox.Item{At: now, Account: "maax", Callback: "answer", Token: token, Body: body})
//	// err == nil: it is on the disk, from this call or, when not fresh, from an earlier one that was the same
//
// Reading needs no lock and works while another process adds. What was read is remembered by whoever read it, as the
// inbox's ID and the last item's number:
//
//	r, err := inbox.OpenReader(ctx, path) // without a file there is no ID and no item
//	...
//	defer r.Close()
//	for item, err := range r.Items(ctx, cursors[r.ID()]) {
//		...
//	}
//
// The file is SQLite, readable with any SQLite tool. It is not copied by hand: while it is open, and after a kill, the
// files -wal and -shm beside it are part of it. Bodies are people's words: they stay until Erase takes them out.
//
// The package must not understand what it keeps: it knows no vendor, no ledger and no campaign.
package inbox
