// Package sealed is the container of a sealed plan: one file that holds named streams of bytes under a digest.
//
// The file is the line "HERALD-PLAN 1 <SHA-256 of the rest, in hex>", then a zip. That hex is the digest everywhere. The
// same entries in the same order give the same bytes, and so the same digest. Writing streams:
//
//	w, err := sealed.Create("friday.plan")
//	...
//	defer w.Abort() // after Seal it does nothing
//	err = w.EncryptTo(recipients) // none: not encrypted
//	lane, err := w.Entry("steps/heyx.jsonl")
//	... // write to lane; the next Entry ends it
//	head, err := w.Entry("plan.json")
//	...
//	digest, err := w.Seal() // now, and not before, friday.plan is there
//
// Until Seal a file ".friday.plan.<number>.new" stands beside it; a run that is killed leaves it, and it can be deleted.
//
// Reading verifies the digest over the whole file before a byte of the zip is looked at:
//
//	f, err := sealed.Open(ctx, "friday.plan", sealed.Options{Identity: os.Getenv(sealed.IdentityVariable)})
//	...
//	defer f.Close()
//	lane, err := f.Open("steps/heyx.jsonl")
//	... // read to the end: io.EOF says that the entry was whole
//
// What is read later are the very bytes that were verified: the file stays open, and each block is compared again with what
// it was, so a file that is swapped is not seen and one that is written to gives an error. Several entries may be read at
// the same time.
//
// The zip has one shape only, the one that Writer gives it: entries one behind the other without gaps, deflated, without
// times, modes, comments, extra fields or zip64 (4 GiB are the most). Whatever differs from it by a byte is refused, so
// nothing can hide between entries, and every zip tool sees what herald reads:
//
//	tail -n +2 friday.plan > friday.zip && unzip -l friday.zip
//
// With recipients the whole file, line and zip, is the content of an age file. Neither writing nor reading puts it on the
// disk in the clear: what must lie there until Seal is encrypted to a key that only the process knows.
//
// The package must not know what a plan is: it takes bytes and gives bytes. And it is integrity, not authenticity: whoever
// can write the file can write another digest into it, which is why apply has -approve-digest. Encryption changes nothing
// about that, since recipients are no secret.
package sealed
