package providertest

import (
	"time"

	"herald/providers"
)

// Subject is one provider type, with what its vendor documents.
type Subject struct {
	Type     providers.Type
	Settings providers.Values // what an account needs beside secrets and base_url
	Golden   []Golden         // at least one for each kind of content that the type carries; the first is used for sends
	Wrong    []Wrong
	Answers  []Answer // beyond those in Facts.Answers, which are checked as well
	// Wrap makes the body of an answer that says a text, as the vendor would.
	Wrap func(status int, text string) string
	// Unmark takes the attempt's key out of a body, and gives the body without it. Nil where the vendor has no place
	// for a key: then what leaves must be what was rendered.
	Unmark func(body []byte) (rest []byte, key string)
	// Wait bounds how long the type waits after a 429 that does not say how long. Zero: it leaves that to the caller.
	Wait time.Duration

	// List is what the vendor lists, for a type that reads messages back: at least one page where Facts.Reading says how.
	List []Listing

	// LookUps is how the vendor is asked what became of an attempt, for a type that can; RunLookUps takes them.
	LookUps []LookUp

	// Watches is how the vendor is asked what became of messages, for a type that can; RunWatches takes them.
	Watches []Watching

	// Openings is how conversations are opened, for a type that opens them; RunOpenings takes them.
	Openings []Opening

	// Statements is what the vendor's pages say, each with the case that holds it. Also names the tests elsewhere that
	// hold some: TestLimits in the same folder, sandbox.TestLimits in a folder beside it.
	Statements []Statement
	Also       []string
	// Originals are the vendor's pages themselves: what a machine finds on them must be in Statements.
	Originals []Original
}

// Golden is a message and the request that it must become.
type Golden struct {
	Name     string
	Settings providers.Values // more than Subject.Settings
	Message  providers.Message
	Path     string
	Body     string // JSON; spaces between its parts do not count
	Place    string // Request.Place, "" where what becomes of the message cannot be watched
	Warns    bool   // the request comes with a warning
}

// Wrong is a message that must not be rendered, or only with a warning.
type Wrong struct {
	Name    string
	Message providers.Message
	Part    providers.Part
	Field   string // "" for the whole; in nested blocks its path, as in card[0].link[1].value
	Index   int    // element of a list field, -1 for the whole field
	Says    string // part of the Detail
	Warning bool
}

// Answer is what the vendor may answer, and what it must be taken for. Fields of Want that are zero are not compared;
// Want.Reason is a part of the reason.
type Answer struct {
	Name   string
	Status int
	Header map[string]string
	Body   string
	Want   providers.Outcome
}

// Listing is one page of messages as the vendor answers it with status 200, and what it must be read as.
type Listing struct {
	Name   string
	Query  providers.Query
	Method string // GET where it is ""
	Path   string // after base_url, with its query, as it leaves
	Page   string
	Want   []providers.Listed // newest first; Vendor is compared with Page
	More   bool               // another page follows
}

// Statement is one thing that the vendor's pages say: a parameter, a limit, an error, a sample.
type Statement struct {
	Says string // in a few words, names of the vendor in backquotes; no two say the same
	Page string // where
	By   string // what holds it: the name of a case of the subject, of a check of the suite, or one that Also names
}
