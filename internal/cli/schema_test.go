package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// published are the schemas that people who write tools are given.
var published = sync.OnceValues(func() (*schemaSet, error) { return readSchemas("../../docs/schema") })

// schemaSet are the published schemas, as JSON and compiled.
type schemaSet struct {
	trees    map[string]map[string]any // by file
	compiled map[string]*jsonschema.Schema

	mu   sync.Mutex
	seen map[string]bool // FILE#/pointer of each property and enum value that a checked document had
	said spoken
}

func readSchemas(dir string) (*schemaSet, error) {
	s := &schemaSet{trees: map[string]map[string]any{}, compiled: map[string]*jsonschema.Schema{}, seen: map[string]bool{}, said: spoken{}}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	files, err := filepath.Glob(filepath.Join(dir, "*.schema.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		name := filepath.Base(file)
		s.trees[name] = tree.(map[string]any)
		if s.compiled[name], err = c.Compile(file); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func publishedSchemas(t *testing.T) *schemaSet {
	t.Helper()
	s, err := published()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// check validates one JSON value, and that the schema knows each of its members: the published files allow more, for later
// versions, but this version has none.
func (s *schemaSet) check(t *testing.T, file string, text []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Errorf("no JSON: %v\n%s", err, text)
		return
	}
	if err := s.compiled[file].Validate(value); err != nil {
		t.Errorf("%v\n%s", err, text)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known(t, place{file, ""}, value)
}

// lines checks a stream line by line: nothing but JSON objects, the version first.
func (s *schemaSet) lines(t *testing.T, text string) (kinds []string) {
	t.Helper()
	if !strings.HasSuffix(text, "\n") {
		t.Errorf("the stream ends within a line: %q", text)
	}
	for line := range strings.Lines(text) {
		s.check(t, "stream.schema.json", []byte(line))
		var head struct{ Type, Herald, UI string }
		json.Unmarshal([]byte(line), &head) // it was checked
		if len(kinds) == 0 && (head.Type != "version" || head.Herald != Version || head.UI == "") {
			t.Errorf("the first line is no version: %s", line)
		}
		kinds = append(kinds, head.Type)
		s.heard(head.Type, line)
	}
	return kinds
}

// heard notes what herald said.
func (s *schemaSet) heard(what, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said[what] = append(s.said[what], text)
}
