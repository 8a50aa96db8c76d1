package sealed

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxName is the most bytes of a name; file systems keep as many for one part of a path.
const maxName = 255

// checkName says what is wrong with the name of an entry. Right is plan.json, steps/heyx.jsonl, steps/heyx.second.jsonl:
// at most one folder, a word, perhaps a dot and another word, and what kind of file it is. Words are those of the language,
// so letters of all scripts may stand in them.
func checkName(name string) error {
	if len(name) > maxName {
		return fmt.Errorf("the entry name %s is longer than %d bytes", quote(name), maxName)
	}
	stem, jsonl := strings.CutSuffix(name, ".jsonl")
	stem, json := strings.CutSuffix(stem, ".json")
	folder, rest, within := strings.Cut(stem, "/")
	if within {
		stem = rest
	}
	head, tail, two := strings.Cut(stem, ".")
	switch {
	case jsonl == json, within && !isWord(folder), !isWord(head), two && !isWord(tail):
		return fmt.Errorf("the entry name %s is none; names are like plan.json and steps/heyx.jsonl", quote(name))
	case !utf8.ValidString(name) || !norm.NFC.IsNormalString(name):
		return fmt.Errorf("the entry name %s is not in the usual form of its letters (NFC)", quote(name))
	}
	return nil
}

// isWord says whether s is a name of the language: a letter or underscore, then letters, digits, underscores and hyphens.
func isWord(s string) bool {
	for i, r := range s {
		first := r == '_' || unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start)
		if !first && (i == 0 || r != '-' && !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)) {
			return false
		}
	}
	return s != ""
}

// names tells names apart that one file system or another would take for the same: there, whoever unpacks a plan to review
// it would see one entry, and herald send two.
type names map[string]string

// add takes a name in, or says which one it is too near to.
func (n names) add(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	same := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
	switch other, there := n[same]; {
	case there && other == name:
		return fmt.Errorf("the entry %s is there twice", quote(name))
	case there:
		return fmt.Errorf("the entries %s and %s differ only in case or in the form of their letters; give one of the accounts another alias",
			quote(other), quote(name))
	}
	n[same] = name
	return nil
}

// quote shows a name that may be anything.
func quote(name string) string {
	const most = 80
	if len(name) > most {
		return fmt.Sprintf("%q...", name[:most])
	}
	return fmt.Sprintf("%q", name)
}
