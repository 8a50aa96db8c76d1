// Package spec is the language: it reads the files of a campaign, checks everything that needs neither people nor
// ledger nor network, and evaluates everything that is the same for everyone.
//
//	c, diags := spec.Load("examples/announcement", spec.Inputs{
//		Schemas: schemas,      // what the language must know of each provider type
//		Version: "0.1.0",      // for required_version
//		Env:     os.LookupEnv, // for HERALD_VAR_name
//		Header:  table.Header, // column names of .csv and .tsv files
//	})
//	if diags.HasErrors() {
//		return hcl.NewDiagnosticTextWriter(os.Stderr, c.Files(), 80, false).WriteDiagnostics(diags)
//	}
//	scope := c.NewScope()
//	scope.Set(person)       // a cty object with the attributes that the expressions name
//	scope.SetMessages(told) // what became of earlier messages, where expressions name any; unknown values where nobody knows
//	text, diags := c.Sequences[0].Messages[0].Content.Fields["text"].Value(scope)
//
// # Promises
//
//   - All errors of a directory come in one list, in the order of the files. Each has a constant summary, a detail with
//     names, reason and remedy, and the range of the guilty word.
//   - Reading is done in two passes: structure first, then expressions in the order in which they need each other.
//     Neither the order of blocks nor their spread over files matters.
//   - No input makes it panic, fill the stack or ask for unbounded memory: depth, size, numbers and what functions may
//     build are bounded before they are acted upon.
//   - A sensitive value stands in Account.Settings and nowhere else; no diagnostic shows one. Limits and retry are shown in
//     plans, so they cannot be sensitive.
//   - Line ends are LF: CRLF in campaign files, variables files and what file() and templatefile() read counts as LF, so
//     that content does not change with the machine a campaign was checked out on.
//   - Names of people are exact bytes. The expression language composes strings to Unicode's form NFC, so a contact label
//     or contact["..."] in another form is an error.
//   - Attributes and their types are checked against the header of .csv and .tsv files. A .jsonl file has none, so what is
//     misspelt or compared with another type there shows only when its people are read, by the plan.
//   - What depends on the person in a list, cards, a form or articles, and in a block of an address, is checked as far as
//     it is the same for everyone: names, types, words, what is missing. What one person makes of it shows in the plan.
//   - Expr.Facts says beforehand what an expression of a message names of earlier ones of its sequence. Only its when, its
//     content and its options may. Where a value hangs on a fact that is unknown, it is unknown, and no error.
//   - What is written of a condition for the ledger does not change with its layout: herald fmt makes no other condition of it.
//   - Wall-clock times have a zone: that of the sequence's window, which may be another one for each person. Which zones there
//     are is said by Go's time package; the program links time/tzdata, so that it does not hang on the machine.
//   - Policies that can never both be meant are refused, with both places. Moves come in an order in which each finds what
//     it moves.
//   - Functions read files inside the directory only, and neither clock nor environment nor network. The sources of
//     contacts blocks are the exception to the directory: lists of people may lie anywhere, ../ and absolute paths included.
//
// # Must not
//
// The package imports no provider, planner or ledger: what it knows of providers comes in as Schema. It reads no people,
// only the header of their files, and writes nothing.
package spec
