// Command herald plans and sends message campaigns. See README.md.
package main

import (
	"os"

	"herald/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
