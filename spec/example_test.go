package spec_test

import (
	"fmt"

	"herald/spec"
)

func ExampleParseDuration() {
	d, err := spec.ParseDuration("1w2d")
	fmt.Println(d, err)
	// Output: 216h0m0s <nil>
}

func ExampleFormat() {
	text, diags := spec.Format([]byte("variable \"x\" {\ntype=string\n  default = \"a\"\n}\n"), "main.hcl")
	fmt.Print(string(text), diags)
	// Output:
	// variable "x" {
	//   type    = string
	//   default = "a"
	// }
	// no diagnostics
}
