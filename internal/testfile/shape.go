package testfile

import "github.com/hashicorp/hcl/v2"

// The shapes of a file, for decoding.
type (
	fileShape struct {
		Start     hcl.Expression  `hcl:"start,optional"`
		Variables *variablesShape `hcl:"variables,block"`
		Runs      []runShape      `hcl:"run,block"`
	}
	variablesShape struct {
		Values hcl.Body `hcl:",remain"`
	}
	runShape struct {
		Name      string          `hcl:"name,label"`
		At        hcl.Expression  `hcl:"at,optional"`
		After     hcl.Expression  `hcl:"after,optional"`
		Command   hcl.Expression  `hcl:"command,optional"`
		ExitCode  *int            `hcl:"exit_code,optional"`
		Variables *variablesShape `hcl:"variables,block"`
		Replies   []toShape       `hcl:"reply,block"`
		Reads     []toShape       `hcl:"read,block"`
		Failures  []toShape       `hcl:"failure,block"`
		Faults    []faultShape    `hcl:"fault,block"`
		Asserts   []assertShape   `hcl:"assert,block"`
		Body      hcl.Body        `hcl:",body"`
		At0       hcl.Range       `hcl:",def_range"`
	}
	toShape struct {
		To     hcl.Expression `hcl:"to"`
		Text   *string        `hcl:"text,optional"`
		Reason *string        `hcl:"reason,optional"`
		Range  hcl.Range      `hcl:",def_range"`
	}
	faultShape struct {
		Provider string    `hcl:"provider,label"`
		Kind     string    `hcl:"kind"`
		Count    *int      `hcl:"count,optional"`
		Range    hcl.Range `hcl:",def_range"`
	}
	assertShape struct {
		Condition hcl.Expression `hcl:"condition"`
		Message   hcl.Expression `hcl:"error_message"`
		Range     hcl.Range      `hcl:",def_range"`
	}
)
