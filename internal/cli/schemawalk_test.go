package cli

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
)

// place is a schema within a file.
type place struct{ file, pointer string }

// at gives the schema of a place, behind all references.
func (s *schemaSet) at(p place) (place, map[string]any) {
	var here any = s.trees[p.file]
	for _, step := range strings.Split(p.pointer, "/")[1:] {
		if list, is := here.([]any); is {
			i, _ := strconv.Atoi(step)
			here = list[i]
			continue
		}
		here = here.(map[string]any)[step]
	}
	schema := here.(map[string]any)
	if ref, is := schema["$ref"].(string); is {
		file, pointer, _ := strings.Cut(ref, "#")
		if file == "" {
			file = p.file
		}
		return s.at(place{file, pointer})
	}
	return p, schema
}

// members gives the properties of an object: its own, and those of the condition that holds for its type.
func (s *schemaSet) members(p place, kind any) map[string]place {
	p, schema := s.at(p)
	all := map[string]place{}
	properties, _ := schema["properties"].(map[string]any)
	for name := range properties {
		all[name] = place{p.file, p.pointer + "/properties/" + name}
	}
	branches, _ := schema["allOf"].([]any)
	for i, branch := range branches {
		condition := branch.(map[string]any)["if"].(map[string]any)
		if condition["properties"].(map[string]any)["type"].(map[string]any)["const"] == kind {
			s.seen[fmt.Sprintf("%s#%s/allOf/%d", p.file, p.pointer, i)] = true
			maps.Copy(all, s.members(place{p.file, fmt.Sprintf("%s/allOf/%d/then", p.pointer, i)}, nil))
		}
	}
	return all
}

// known notes what a valid value has, and complains about members that no schema names.
func (s *schemaSet) known(t *testing.T, p place, value any) {
	t.Helper()
	p, schema := s.at(p)
	switch value := value.(type) {
	case map[string]any:
		members := s.members(p, value["type"])
		for name, inner := range value {
			at, has := members[name]
			if !has {
				t.Errorf("%s#%s has no %s", p.file, p.pointer, name)
				continue
			}
			s.seen[at.file+"#"+at.pointer] = true
			s.known(t, at, inner)
		}
	case []any:
		for _, inner := range value {
			s.known(t, place{p.file, p.pointer + "/items"}, inner)
		}
	case string:
		if _, has := schema["enum"]; has {
			s.seen[p.file+"#"+p.pointer+"="+value] = true
		}
	}
}

// everything lists what a schema file has that a document can have: its properties, the values of enums and the types of lines.
func (s *schemaSet) everything(file string) []string {
	var all []string
	var walk func(pointer string, node any)
	walk = func(pointer string, node any) {
		switch node := node.(type) {
		case map[string]any:
			properties, _ := node["properties"].(map[string]any)
			for name := range properties {
				if !strings.HasSuffix(pointer, "/if") {
					all = append(all, file+"#"+pointer+"/properties/"+name)
				}
			}
			enum, _ := node["enum"].([]any)
			for _, value := range enum {
				all = append(all, fmt.Sprintf("%s#%s=%s", file, pointer, value))
			}
			for name, inner := range node {
				walk(pointer+"/"+name, inner)
			}
		case []any:
			for i, inner := range node {
				here := fmt.Sprintf("%s/%d", pointer, i)
				if strings.HasSuffix(pointer, "/allOf") {
					all = append(all, file+"#"+here)
				}
				walk(here, inner)
			}
		}
	}
	walk("", s.trees[file])
	return all
}
