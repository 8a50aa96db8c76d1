// Package cli is herald's command line: one file per command, in the manner of Terraform.
//
// Main parses the arguments, runs one command and gives the exit code; exit.go has the one table of codes. wire.go is
// the only place that knows all providers. Commands read options into a struct, do their work through the packages
// below, and show the outcome through package report, as text or as JSON.
//
//	os.Exit(cli.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
//
// The package decides nothing about people, plans or delivery; it must not print what report does not escape.
package cli
