// Package state is the ledger: what herald knows, on disk, about every send. It is what makes the promise of delivery
// hold that nothing is sent twice and nothing is forgotten.
//
// A ledger is one SQLite file, readable with any SQLite tool; the view "ledger" in it has the names and times in
// words. A send is in one state at each instant:
//
//	(no row) ──Intend──▶ sending ─┬─Record(Sent)────▶ sent
//	                              ├─Record(Refused)─▶ refused
//	                              ├─Record(Untried)─▶ what it was before Intend
//	                              └─Record(InDoubt), or the process died ─▶ in doubt
//
//	in doubt ─┬─Record(Sent, Refused, Untried): a look-up answered
//	          └─Resolve: a person decided ─▶ sent, or what it was before Intend
//
//	refused ─┬─Intend: content or destination changed, or -replace ─▶ sending
//	         └─Resolve ─▶ sent, or what was sent before the refusal, or no row
//
//	sent ──Intend: on_change = "resend", or -replace ─▶ sending
//
// Any other move is a mistake of the caller, gets an error that says so, and changes nothing.
//
// What is settled (sent, refused) and what is open (sending, in doubt) are kept in two tables. An intent never touches
// the settled row, so a send whose intent goes back is exactly what it was before. A settled row that a newer outcome
// replaces is moved to the table "earlier", and a refusal that a person takes back uncovers what was sent before it.
//
// Writing: whoever holds the lock opens the ledger, starts a run, and hands in intents and outcomes from any number of
// goroutines. Each call returns when its fact is on the disk; calls that wait at the same time share one flush.
//
//	lock, err := state.Acquire(ctx, path, holder, 0)
//	...
//	defer lock.Release()
//	l, err := state.Open(ctx, path, state.Options{Version: version, Create: true, Lock: lock})
//	...
//	defer l.Close()
//	run.ID, err = l.StartRun(ctx, run, definitions, keyAttributes)
//	err = l.Intend(ctx, intent)  // durable: now the request may leave
//	err = l.Record(ctx, result)  // durable: never abandoned, whatever becomes of ctx
//	recorded, intended := l.Turn(ctx, result, next)  // both with one flush, the intent never without the outcome
//	err = l.EndRun(ctx, run)
//
// Reading needs no lock and writes nothing: Read gives the compact View that the planner asks, OpenReader streams
// everything in the order of addresses.
//
// The file says its format. Each format ever released has a fixture in testdata that must open for ever; a newer
// format brings one more step in schema.go, and whoever opens an older ledger for writing takes the missing steps.
//
// The package must not render, send, wait for a clock or decide what is sent. It imports nothing of herald but names.
package state
