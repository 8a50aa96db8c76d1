package providertest

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Original is a page of the vendor as the vendor wrote it. Pages are not part of the repository: they are looked for in
// the folder that the environment variable HERALD_ORIGINALS names, else in ../shared/providers/originals as seen from
// the top of the checkout. Without that folder the check is skipped.
type Original struct {
	File   string            // in that folder
	Ignore map[string]string // what is found on the page and needs no statement, each with the reason
}

const (
	originalsVariable = "HERALD_ORIGINALS"
	originalsBeside   = "../shared/providers/originals"
)

// originals checks that the statements leave out nothing that a machine finds on the vendor's pages.
//
// A name is said where a statement has it in backquotes, since most names are ordinary words too: `text`, `message`. A
// figure is said where one statement has both its words, in any order: 25 and RPS, HTTP and 429. Whatever stands on a
// page more than once counts once, so that what differs between two places is still for a reader to see.
func (s Subject) originals(t *testing.T) {
	if len(s.Originals) == 0 {
		t.Skip("no Originals: nothing is compared with the vendor's own pages")
	}
	folder, err := originalsFolder()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the vendors' pages are not here: they would be in %s, or where %s says", folder, originalsVariable)
	}
	said := readSaid(s.Statements)
	names, ignored := 0, 0
	for _, o := range s.Originals {
		page, err := os.ReadFile(filepath.Join(folder, o.File))
		if err != nil {
			t.Errorf("the folder of the vendors' pages is here, and this one is not: %v", err)
			continue
		}
		all := documentedOn(string(page))
		if len(all) == 0 {
			t.Errorf("%s documents nothing that could be found; is it the page?", o.File)
		}
		names += len(all)
		ignored += len(o.Ignore)
		for _, problem := range o.compare(all, said) {
			t.Error(problem)
		}
	}
	t.Logf("%d statements; %d names found on the page, %d of them ignored", len(s.Statements), names, ignored)
}

// compare says what the statements leave out, and which entries of Ignore are of no use any more.
func (o Original) compare(all []documented, said said) (problems []string) {
	there := map[string]bool{}
	for _, d := range all {
		there[d.name] = true
		reason, ignored := o.Ignore[d.name]
		switch holds := said.has(d.name); {
		case ignored && strings.TrimSpace(reason) == "":
			problems = append(problems, o.File+": "+d.String()+" is ignored without a reason")
		case ignored && holds:
			problems = append(problems, o.File+": "+d.String()+" is ignored, and a statement says it; take it out of Ignore")
		case !ignored && !holds:
			problems = append(problems, o.File+": "+d.String()+" is documented, and no statement says it")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Ignore)) {
		if !there[name] {
			problems = append(problems, o.File+": "+name+" is ignored, and is not on the page; take it out of Ignore")
		}
	}
	return problems
}

// said is what statements say.
type said struct {
	names     map[string]bool   // what stands in backquotes, in small letters
	sentences []map[string]bool // the words of each statement
}

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	word   = regexp.MustCompile(`[0-9][0-9,]*|[a-z]+`)
)

func readSaid(statements []Statement) said {
	all := said{names: map[string]bool{}}
	for _, s := range statements {
		text := strings.ToLower(s.Says)
		for _, span := range quoted.FindAllStringSubmatch(text, -1) {
			for _, name := range strings.Fields(span[1]) {
				name = strings.Trim(name, ",;:")
				all.names[name] = true
				if !strings.HasPrefix(name, "/") {
					for part := range strings.SplitSeq(name, ".") { // conversation.uuid says conversation and uuid as well
						all.names[part] = true
					}
				}
			}
		}
		words := map[string]bool{}
		for _, w := range word.FindAllString(text, -1) {
			words[alike(w)] = true
		}
		all.sentences = append(all.sentences, words)
	}
	return all
}

// has reports whether a name or figure is said.
func (s said) has(name string) bool {
	name = strings.ToLower(name)
	if !strings.Contains(name, " ") {
		return s.names[name]
	}
	for _, words := range s.sentences {
		all := true
		for _, w := range word.FindAllString(name, -1) {
			all = all && words[alike(w)]
		}
		if all {
			return true
		}
	}
	return false
}

// alike makes 1,000 and 1000 one word, and a thing and things.
func alike(w string) string { return strings.TrimSuffix(strings.ReplaceAll(w, ",", ""), "s") }

// originalsFolder is where the vendors' pages would be.
func originalsFolder() (string, error) {
	if folder := os.Getenv(originalsVariable); folder != "" {
		return folder, nil
	}
	top, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(top, "go.mod")); err == nil {
			return filepath.Join(top, filepath.FromSlash(originalsBeside)), nil
		}
		up := filepath.Dir(top)
		if up == top {
			return "", errors.New("no go.mod in this folder or above it, so there is no checkout to look beside; name the folder of the vendors' pages in " + originalsVariable)
		}
		top = up
	}
}
