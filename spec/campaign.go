package spec

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/internal/calendar"
)

// Campaign is everything that one directory declares, checked. What is the same for everyone is evaluated; what
// depends on the person at hand stays an Expr.
type Campaign struct {
	Root          string // absolute path of the directory
	Settings      Settings
	Variables     map[string]*Variable
	Accounts      map[string]*Account // by Name
	Contacts      map[string]*Contact // contact blocks, by key
	Sources       map[string]*Source  // contacts blocks, by name
	Audiences     map[string]*Audience
	Conversations map[string]*Conversation
	Sequences     []*Sequence // by name, so that moving blocks changes nothing
	Policies      []*Policy   // by name
	Moves         []Move      // in an order in which they can be carried out one after the other

	files map[string]*hcl.File
	base  *hcl.EvalContext
}

// Files gives the parsed files by name, for printing diagnostics with their lines.
func (c *Campaign) Files() map[string]*hcl.File { return c.files }

// Settings is the herald block.
type Settings struct {
	Lineage      string    // "" when not set
	LineageRange hcl.Range // of the value
	StatePath    string    // absolute path of the ledger
}

// Variable is one input and the value it got.
type Variable struct {
	Name        string
	Description string
	Sensitive   bool
	Value       cty.Value
	DeclRange   hcl.Range
}

// Account is one provider block.
type Account struct {
	Type      string
	Alias     string
	Settings  map[string]cty.Value // given ones only, converted to the schema's types; may hold secrets
	Limits    Limits
	Retry     Retry
	DeclRange hcl.Range
	Ranges    map[string]hcl.Range // of the settings' values
}

// Name gives heyx or heyx.alias.
func (a *Account) Name() string {
	if a.Alias == "" {
		return a.Type
	}
	return a.Type + "." + a.Alias
}

// Limits is what an account keeps to; the schema's defaults where the block says nothing.
type Limits struct {
	Requests    int
	Per         time.Duration
	Concurrency int
	Timeout     time.Duration
	Jitter      time.Duration
	StopAfter   int
}

// Retry says how attempts that provably left nothing behind are repeated.
type Retry struct {
	MaxAttempts int
	MinBackoff  time.Duration
	MaxBackoff  time.Duration
}

// Contact is one declared person.
type Contact struct {
	Key        string
	Attributes map[string]cty.Value
	DeclRange  hcl.Range
	Ranges     map[string]hcl.Range // of the attributes' values
}

// Source is one contacts block: a file of people.
type Source struct {
	Name      string
	Path      string            // absolute
	File      string            // as the block gives it, for messages
	Key       string            // the attribute that identifies a person, after Rename
	Rename    map[string]string // column in the file → attribute
	Types     map[string]cty.Type
	Columns   []string // attributes that every row has, after Rename; nil for JSONL, whose objects differ
	Where     *Expr    // nil for everybody
	Skip      bool     // on_invalid = "skip"
	DeclRange hcl.Range
	KeyRange  hcl.Range
}

// Audience is a set of people made from other sets.
type Audience struct {
	Name      string
	Include   []Ref
	Exclude   []Ref
	ExcludeBy []string // key, email, phone; never empty
	Where     *Expr
	UniqueBy  *Expr
	DeclRange hcl.Range
}

// RefKind says what a Ref names.
type RefKind string

// The kinds of things that hold people.
const (
	RefContact  RefKind = "contact"
	RefContacts RefKind = "contacts"
	RefAudience RefKind = "audience"
)

// Ref names a contact, a contacts source or an audience; checked to exist, and audiences to be free of cycles.
type Ref struct {
	Kind  RefKind
	Name  string
	Range hcl.Range
}

// Conversation is a place on an account where people can be written to.
type Conversation struct {
	Name    string
	Account *Account
	With    []Ref
	// Address has the attributes that are given, under the schema's names: email in prospect_info { ... } is
	// prospect_info.email. Where a nested block is not given, what its attributes have as From is taken from contact, as
	// far as people may have that attribute; see Expr.Implied.
	Address   map[string]*Expr
	Blocks    map[string]hcl.Range // of the headers of nested blocks that are given
	DeclRange hcl.Range
}

// OnChange says what happens when a message's content changed after it was sent.
type OnChange string

// The values of on_change.
const (
	Keep   OnChange = "keep"
	Resend OnChange = "resend"
)

// OnDoubt says what happens to a send of which nobody knows whether it left, when the provider cannot tell either.
type OnDoubt string

// The values of on_doubt.
const (
	DoubtHold       OnDoubt = "hold"        // a person decides
	DoubtResend     OnDoubt = "resend"      // it is sent again: at least once
	DoubtAssumeSent OnDoubt = "assume_sent" // it counts as sent: at most once
)

// Sequence is what is said in a conversation, message by message.
type Sequence struct {
	Name         string
	Conversation *Conversation
	Where        *Expr
	OnChange     OnChange
	OnDoubt      OnDoubt
	Start        *Instant   // not before; nil when not given
	Until        *Instant   // not after
	Window       *Window    // nil for any time
	Messages     []*Message // in order
	DeclRange    hcl.Range
}

// Instant is a time that a campaign gives: at once for everyone, or on the wall clock of the sequence's window.
type Instant struct {
	calendar.Instant
	Range hcl.Range
}

// Window is when messages of a sequence may leave.
type Window struct {
	calendar.Window
	Zone  *Expr // a string: the name of an IANA zone, checked where it is the same for everyone; never nil
	Range hcl.Range
}

// Policy is what a plan must keep to.
type Policy struct {
	Name           string
	Sequences      []string // names, sorted; nil for all, also for those that only the ledger knows
	MaxSends       int      // requests of one plan; -1 when not given
	MaxPerContact  *PerContact
	MaxFailureRate float64 // between 0 and 1; negative when not given
	Canary         *Canary
	DeclRange      hcl.Range
	Ranges         map[string]hcl.Range // of what is given: sequences, max_sends, max_per_contact, ...; of blocks, their header
}

// Covers reports whether the policy is about a sequence.
func (p *Policy) Covers(sequence string) bool {
	return p.Sequences == nil || slices.Contains(p.Sequences, sequence)
}

// PerContact is how many messages one person may get within any time of that length.
type PerContact struct {
	Count int // at least 1
	Per   time.Duration
}

// Canary is a first wave: at most Size people get a message, and the others only when Hold has passed since.
type Canary struct {
	Size int // people, at least 1
	Hold time.Duration
}

// Move is a moved block: a rename of a sequence, with both messages empty, or of a message.
type Move struct {
	From, To  addr.Target // of the same kind; never of one send
	DeclRange hcl.Range
}

// Message is one message of a sequence.
type Message struct {
	Sequence     string
	Name         string
	Conversation *Conversation // its own, or the sequence's
	After        time.Duration // since the message before it; 0 when not given
	When         *Expr         // a bool; nil for always. Unknown as long as facts that it names are not known
	WhenSource   string        // When as text, however it is laid out, with locals, variables and files folded in; "" without one
	Content      Content
	Options      map[string]*Expr // of the block named after the provider type; given ones only
	// Source is the definition as text, with locals, variables and files folded in: a record of what was said, for the
	// ledger. It holds neither secrets nor a person's values.
	Source    string
	DeclRange hcl.Range
}

// Content is the one content of a message. Fields holds its expressions by the names of the language (text; type and
// url; title and replies; native), those of nested blocks by their path, as in item[0].title and item[0].link[1].value.
// Blocks has the range of each nested block's header by its path, so that a block exists exactly when it is in there.
type Content struct {
	Kind   string
	Fields map[string]*Expr
	Blocks map[string]hcl.Range
	Range  hcl.Range // of the block's header or the attribute
}
