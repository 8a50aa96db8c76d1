// Package state is the ledger: what herald knows, on disk, about every send. It is what makes the promise of delivery
// hold that nothing is sent twice and nothing is forgotten.
//
// A ledger is one SQLite file, readable with any SQLite tool; the view "ledger" in it has the names and times in
// words. A send is in one state at each instant, and becomes another only so:
//
//	untried, sent, refused, skipped           ──Intend──────────────▶ sending
//	untried, sent, refused, in doubt, skipped ──Intend(FromDoubt)───▶ sending
//	sending, in doubt                         ──Record(Sent)────────▶ sent
//	sending, in doubt                         ──Record(Refused)─────▶ refused
//	sending, in doubt                         ──Record(Untried)─────▶ as it was before
//	sending, in doubt                         ──Record(InDoubt)─────▶ in doubt
//	untried, skipped                          ──Skip────────────────▶ skipped
//	untried, sent, refused, in doubt, skipped ──the process died────▶ as it is
//	sending                                   ──the process died────▶ in doubt
//	refused, in doubt                         ──Resolve(sent)───────▶ sent
//	refused, in doubt                         ──Resolve(not sent)───▶ as it was before
//	sent, refused, in doubt, skipped          ──Remove──────────────▶ untried
//	sent, refused, in doubt, skipped          ──Move────────────────▶ as it is
//	untried, sent, refused, skipped           ──Forget──────────────▶ as it is
//
// That is the table of machine.go, by which all code goes that changes a send. Any other move is a mistake of the caller,
// gets an error that says so, and changes nothing. Untried has no row. "As it was before" is what was settled before the
// attempt, or what was sent before the refusal. A look-up records what it found by Record, for an attempt of an earlier run
// too, with LookUp as Result.By. What is sent again, by on_change = "resend" or -replace, is an Intend like any other; what
// is in doubt takes on_doubt = "resend", which is FromDoubt.
//
// What is settled (sent, refused, skipped) and what is open (sending, in doubt) are kept in two tables. An intent never
// touches the settled row, so a send whose intent goes back is exactly what it was before. A settled row that a newer
// outcome replaces is moved to the table "earlier", as is an attempt in doubt of which nothing is settled, and a refusal
// that a person takes back uncovers what was sent before it. Who decided without the provider's answer is in "decisions".
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
//	run.ID, err = l.StartRun(ctx, run, definitions, keyAttributes, outlines)
//	err = l.Intend(ctx, intent)  // durable: now the request may leave
//	err = l.Record(ctx, result)  // durable: never abandoned, whatever becomes of ctx
//	recorded, intended := l.Turn(ctx, result, next)  // both with one flush, the intent never without the outcome
//	err = l.Skip(ctx, skips)     // durable: many at once
//	err = l.EndRun(ctx, run)
//
// # What comes after
//
// Beside the states stand facts that change none of them:
//
//   - A receipt says what became of a message after it was sent. It belongs to the attempt, by its token: what is sent again
//     begins without one, and what comes back when a refusal is taken back has its own again. It says earliest instants and
//     the first reply, so it does not matter in which order, or how often, a vendor tells them. Receive takes receipts in
//     together with how far an inbox was read for them: nothing is lost and nothing need be read twice.
//   - The place and the token of an attempt are kept with the row, so that a vendor can be asked about it, and so that what the
//     vendor says of a conversation (At) or of a token (Awaited) leads back to the send. Only rows that have them are in the
//     indexes: sends of which nothing can become known pay nothing for those of which something can.
//   - An opening is a conversation that herald makes. Its key is on the disk before the request leaves, and is the same at
//     every attempt: so none is opened twice.
//   - An outline is what messages a sequence had when a run last had it, in order: a later plan sees by it what was put in,
//     taken out or renamed.
//
// None of them raises the serial. Skip does: a false condition is decided once, and stands.
//
// Reading needs no lock and writes nothing: Read gives the compact View that the planner asks, OpenReader streams
// everything in the order of addresses.
//
// # Damage
//
// Nothing is sent that cannot be recorded: after the first error of the disk a Ledger takes nothing more. Before a ledger is
// opened for writing, and before a View is read from one that nobody writes, everything is looked at that can tell of damage;
// what is refused is left as it is. Found are
//
//   - a file that is no ledger, is empty or cut short, or that a later herald wrote;
//   - pages whose structure is wrong, rows out of order, indexes that disagree: SQLite's integrity_check;
//   - a log (-wal) that is missing although the last run did not close the ledger, that is damaged anywhere before its last
//     commit, or that belongs to another ledger or to an older state of this one;
//   - an older copy put in the ledger's place, by the note that Options.Marker names: its last run or its serial is lower.
//
// Not found is what leaves a well-formed ledger:
//
//   - a bit inside a value: a row has no checksum, so a key, a hash or a state may read as another one. At most the one row
//     that holds it is wrong;
//   - a log that is cut at the end of a commit, or whose last commit alone is damaged: it reads as one that ended there, as
//     after a power cut. Missing is then what was recorded last, of one commit or of those cut off;
//   - a missing log after which a reader kept the last fold from being completed, and the log of a copy that went its own
//     way;
//   - an older copy on a machine that has no note, or of before the first run that wrote one.
//
// So copies are made by Copy, never by hand, and the disk is trusted to give back the bytes that it took.
//
// # Forgetting
//
// Forget erases what is known of a person and keeps, under a digest of the key, that they were written to, and when: what they
// answered goes, that and when they did stays, so that nobody is asked again or gets more than a policy allows for having been
// forgotten. Remove makes the
// ledger forget that something was sent, and keeps the trace. Move changes names.
//
// The file says its format. Each format ever released has a fixture in testdata that must open for ever; a newer
// format brings one more step in schema.go, and whoever opens an older ledger for writing takes the missing steps.
//
// The package must not render, send, wait for a clock or decide what is sent. It imports nothing of herald but names.
package state
