package spec

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Schema is what the language must know of one provider type. The program fills it from the providers' facts, so that
// this package needs to import none of them.
type Schema struct {
	Type     string
	Settings []Attribute
	Address  []Attribute // attributes of a conversation
	Options  []Attribute // attributes of the block in a message that is named after the type
	Kinds    []string    // content kinds it carries
	Requests int         // default limit: requests
	Per      time.Duration
}

// Attribute is one attribute that a block may have. A dot in the name makes it one of a nested block: a.b is b in a { ... }.
type Attribute struct {
	Name     string
	Type     cty.Type // cty.String, cty.Number or cty.Bool
	Whole    bool     // a number without a fraction
	Required bool     // must be given; for settings, checked where the value is needed, since the environment may give it
	Enum     []string
	Plain    bool   // of a setting: plans and requests show it, so a sensitive value must not stand here
	From     string // attribute of contact that it is taken from where its nested block is not given; "" for none
	Unless   string // attribute of the conversation beside which it is not taken From contact; "" for none
	Doc      string
}

// Inputs is what Load needs beside the directory.
type Inputs struct {
	Schemas []Schema
	Version string                      // of herald, for required_version
	Env     func(string) (string, bool) // looks up an environment variable
	// Flags are the -var and -var-file flags in the order given.
	Flags []VarFlag
	// Header gives the column names of a .csv or .tsv file, as the file has them. Without it columns are unknown and
	// attributes are not checked against them.
	Header func(path string) ([]string, error)
	// Placeholders gives required sensitive variables without a value a placeholder: nobody is asked or written to in earnest.
	Placeholders bool

	only   []string // the types of blocks that are read; nil for all
	closed bool     // variables have their defaults: nothing around the files gives them values
}

// VarFlag is one -var name=value or one -var-file.
type VarFlag struct {
	Name  string // of the variable; "" for a file
	Value string // the value's text, or the file's path as it was given: a relative one is relative to the directory loaded
}
