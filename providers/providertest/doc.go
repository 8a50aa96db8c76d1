// Package providertest is the suite that every provider passes, and so the definition of what a provider is.
//
// # Writing a provider
//
// Begin with a copy of internal/example, a whole provider for a vendor that does not exist. From the root of the
// repository, for a vendor called Acme:
//
//	cp -r internal/example providers/acme
//	rm providers/acme/walkthrough_test.go
//	mv providers/acme/example_test.go providers/acme/acme_test.go
//	sed -i 's/example/acme/g; s/Example/Acme/g; s/EXAMPLE/ACME/g' providers/acme/*.go
//	go test ./providers/acme
//
// It passes. Now make it your vendor's, one file after the other; each place to change says CHANGE, and the test says
// what does not fit together yet:
//
//	facts.go      all that is known of the vendor, as data: settings, address, options, kinds of content, limits, and each
//	              documented answer with its class. Each fact points at the page that says it
//	acme_test.go  the same pages as a table for the suite: samples, limits, answers
//	render.go     Render: a message to a request; pure, no secret; a Problem for each thing that the vendor would refuse
//	send.go       Type, which opens accounts with wire.Open, and Send, which hands wire a function from answer to outcome
//	answer.go     that function
//	doc.go        what the vendor is, with the HCL that uses it
//
// At last, tell the program, in internal/cli: wire.go imports the folder and names acme.Type() in newRegistry, and
// arrows_test.go has two rows to mend: a new one says what providers/acme may import, and that of internal/cli names it
// among what the program may. Then the README's table and the pages of the command line are written anew:
//
//	make golden
//
// An emulator in providers/sandbox, written from the vendor's pages and not from your client, lets people rehearse with
// -sandbox; a test of internal/cli asks for it and lets the two meet.
//
// What must be decided with care is answer.go. Only a success body that the vendor documents is Accepted. Refused,
// AccountError and Throttled promise that the message did not reach anybody: what carries such an answer may be sent
// again. Whatever is not certain is Unknown; it costs a person a look, and a wrong promise costs a message sent twice.
// Where the vendor says nothing, wire.Answer.ByStatus decides.
//
// Every kind of content begins with Content.Shape, which finds what is wrong for every vendor: texts that are not UTF-8,
// addresses of no page or picture, nothing to choose from. What this vendor asks for comes on top. A Problem names the
// field as the campaign does, in nested blocks by its path: card[0].link[1].value; providers.Path makes it. A
// kind that is not in Facts.Carries gets Facts.CannotCarry and nothing else. Content that is written as the vendor's own
// object is checked in a native.go; see providers/heyx. Where the vendor keeps something of ours with a message, Send
// puts the key there; see providers/chatwoot.
//
// A vendor that lists messages is read with a List, as providers.Lister has it, in a read.go that hands wire.Client.Read
// a function from answer to page. Facts.Reading says in words how; without a List it is empty. A token that only reading
// needs is a Setting with Reads.
//
// A vendor that can be asked what became of an attempt has a LookUp, as providers.Finder has it. It never guesses: Found
// and Absent are what the vendor's answers prove, and all else is Undecided with a reason. Facts.LookUp says in words how
// sure it can be. Its cases are Subject.LookUps, which RunLookUps takes, in a test of its own beside that of Run.
//
// A vendor with whom a conversation must be opened before somebody can be written to has an Open, as providers.Opener has
// it. It makes a conversation only with its last request, and only where it knows that no earlier attempt has made one.
// Its cases are Subject.Openings, which RunOpenings takes, in a test of its own too.
//
// A vendor that tells what became of messages has a Watch, as providers.Watcher has it: Facts.Tells lists what it tells, and
// Render sets Request.Place. What the vendor does not show is not reported; where it gives no time, that of its clock stands
// for it, which is late and never early. Its cases are Subject.Watches, which RunWatches takes, in a test of its own too.
//
// # The subject
//
// A Subject is what the vendor's pages say. Golden are its samples, at least one for each kind that is carried; Wrong is
// what it refuses, each limit with the first value beyond it; Answers are answers that Facts does not list; List are
// pages of messages as they come. Statements says of each sentence of the pages which case holds it, so that whoever
// reads the pages again sees what is covered; the vendor's own names stand in backquotes:
//
//	{Says: "`text` has up to 1,000 characters", Page: messagesPage, By: "1001 characters"}
//
// Whoever has the vendor's pages as files lets a machine look for what was left out: Originals names the files, and the
// check "originals" finds the names in their tables and samples, the statuses and the limits, and asks for a statement
// of each. What needs none is ignored with a reason. The pages are not part of the repository; Original says where they
// are looked for, and without them the check is skipped:
//
//	HERALD_ORIGINALS=$HOME/pages go test -count=1 -v -run 'Conformance/.*/originals' ./providers/...
//
// # The checks
//
// The suite talks to servers of its own on loopback addresses and to nothing else. It checks what holds for every
// vendor: that facts are complete; that each kind of content is carried or refused; that rendering is pure and each
// documented request comes out as documented; that one Send is one request, whatever happens to it, with the class that
// what happened to it deserves, each of the faults in the table of faults.go among it; that one List is one request
// likewise, and what is no page is not taken for one; that no redirect is followed, no answer is read without bound,
// nothing is logged, and no secret comes out. Single checks run by their names, and those of the kinds are the table of
// providers and kinds:
//
//	go test -run 'Conformance/acme/wrong' ./providers/acme
//	go test -v -run 'Conformance/acme/faults' ./providers/acme
//	go test -v -run 'Conformance/.*/kinds' ./providers/...
//
// The package knows no vendor, and must not use the emulators: what both sides share would hide from both.
package providertest
