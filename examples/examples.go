// Package examples holds campaigns that run as they are, each in a folder of its own with the plan that it gives in
// plan.txt. They are documentation and tests at once:
//
//	herald -chdir=examples/first-message apply -sandbox
//
// FirstMessage is also what "herald init" writes, so that the smallest example is the one people start from. Nothing
// here may need a credential, a network, or a file from outside its folder.
package examples

import _ "embed"

// FirstMessage is a whole campaign: one message to one person.
//
//go:embed first-message/campaign.hcl
var FirstMessage []byte
