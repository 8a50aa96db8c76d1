package cli

import (
	"fmt"

	"herald/internal/report"
)

// unlike says that a file is sealed and whole, and yet not as herald writes one. What it quotes is shortened: names to a
// name's length, reasons to what tells them.
func unlike(format string, args ...any) error {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = short(a, 80)
		case error:
			args[i] = short(a.Error(), 300)
		}
	}
	return fmt.Errorf("herald did not write it so: %s; its digest is right, so something else packed it: make a new plan: herald plan -out=FILE", fmt.Sprintf(format, args...))
}

// short gives text from a file of strangers as an error can show it.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return report.Escape(s)
}
