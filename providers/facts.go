package providers

import "time"

// ValueType is the type of a setting, address attribute or option.
type ValueType string

// The types of values.
const (
	String ValueType = "string"
	Int    ValueType = "number" // a whole number
	Bool   ValueType = "bool"
)

// Attribute describes one value that a campaign may give. A dot in the name makes it one of a block: prospect_info.email
// is email in prospect_info { ... }.
type Attribute struct {
	Name     string    `json:"name"`
	Type     ValueType `json:"type"`
	Required bool      `json:"required,omitempty"`
	Enum     []string  `json:"enum,omitempty"`   // the only strings allowed, when not empty
	From     string    `json:"from,omitempty"`   // attribute of the contact that it is taken from where the campaign does not give its block
	Unless   string    `json:"unless,omitempty"` // attribute of the address beside which it is not taken From the contact
	Doc      string    `json:"doc"`
}

// Verb says what a send does.
type Verb string

// The verbs.
const (
	Sends Verb = "sends" // the message goes to the person
	Asks  Verb = "asks"  // the vendor is asked, in the person's words, and answers to us
)

// Setting describes one attribute of a provider block.
type Setting struct {
	Attribute
	Secret   bool   `json:"secret,omitempty"`
	Reads    bool   `json:"reads,omitempty"`    // a secret that only reading back needs
	Receives bool   `json:"receives,omitempty"` // a secret that only receiving calls needs: it never goes to the vendor
	Env      string `json:"env,omitempty"`      // environment variable read when the block does not give it
	Default  string `json:"default,omitempty"`  // used when neither block nor environment gives it
	Identity bool   `json:"identity,omitempty"` // part of what makes two blocks the same account
}

// Carries describes one kind of content that a provider can carry.
type Carries struct {
	Kind  Kind   `json:"kind"`
	As    string `json:"as"`              // the vendor's name for it
	Limit string `json:"limit,omitempty"` // the vendor's limits, in words
}

// Rate is a vendor's published limit, or what herald keeps to when none is published.
type Rate struct {
	Requests int           `json:"requests"`
	Per      time.Duration `json:"per_ns"`
	Scope    Scope         `json:"scope"`
	Source   string        `json:"source"` // where the vendor says so, and when it was read
}

// Scope is what a vendor counts requests by.
type Scope string

// The scopes of limits.
const (
	PerToken Scope = "token"
	PerHost  Scope = "host"
)

// Answer is one documented answer and what herald makes of it.
type Answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"` // the documented text, "" for any
	Class  Class  `json:"-"`
	Means  string `json:"means"` // Class in words
	Source string `json:"source"`
}

// Explain fills in Means from Class, so that a table of answers says each class once.
func Explain(answers ...Answer) []Answer {
	for i := range answers {
		answers[i].Means = answers[i].Class.String()
	}
	return answers
}

// Facts is all that is known of a provider type before any account of it exists: plain data, from which documentation,
// validation and tests are made.
type Facts struct {
	Type     string      `json:"type"`
	Title    string      `json:"title"`
	Verb     Verb        `json:"verb"`
	BaseURL  string      `json:"base_url"`
	Endpoint string      `json:"endpoint"` // method and path, as the vendor documents it
	Settings []Setting   `json:"settings"` // the base_url among them
	Address  []Attribute `json:"address"`
	Options  []Attribute `json:"options"`
	Carries  []Carries   `json:"carries"`
	Rate     Rate        `json:"rate"`
	Answers  []Answer    `json:"answers"`
	LookUp   string      `json:"look_up"`           // how sure a look-up of what is in doubt can be, in words
	Reading  string      `json:"reading,omitempty"` // how messages are read back, in words; "" when the vendor lists none
	Tells    []Fact      `json:"tells,omitempty"`   // what can become known of a message after it was sent, however it does
	Sources  []string    `json:"sources"`
}

// Can reports whether the provider carries a kind of content.
func (f Facts) Can(k Kind) bool {
	for _, c := range f.Carries {
		if c.Kind == k {
			return true
		}
	}
	return false
}
