package state

import (
	"reflect"
	"strings"
	"testing"
)

// outlineOf makes outlines of words such as a:x,y/z, where y has the definition of z.
func outlineOf(words string) map[string][]OutlineItem {
	all := map[string][]OutlineItem{}
	for _, w := range strings.Fields(words) {
		sequence, names, _ := strings.Cut(w, ":")
		all[sequence] = nil
		if names == "" {
			continue
		}
		for _, n := range strings.Split(names, ",") {
			name, definition, other := strings.Cut(n, "/")
			if !other {
				definition = name
			}
			all[sequence] = append(all[sequence], OutlineItem{Message: name, Definition: hashOf(definition[0])})
		}
	}
	return all
}

// A run replaces the outlines of its sequences and keeps those of others; Move renames them on the disk as Renamed does in a
// view.
func TestOutlines(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	start := func(words string) {
		t.Helper()
		run := Run{Who: "ada", Started: receiptAt}
		var err error
		run.ID, err = l.StartRun(t.Context(), run, definitionsTest(), nil, outlineOf(words))
		must(t, err)
		must(t, l.EndRun(t.Context(), run))
	}
	check := func(why, words string) {
		t.Helper()
		v, err := Read(t.Context(), path)
		must(t, err)
		want := outlineOf(words)
		if !reflect.DeepEqual(v.outlines, want) {
			t.Errorf("%s: %+v\nwant %+v", why, v.outlines, want)
		}
		for sequence, items := range want {
			if got := v.Outline(sequence); !reflect.DeepEqual(got, items) {
				t.Errorf("%s: %s is %+v", why, sequence, got)
			}
		}
		if got := v.Outline("none"); len(got) != 0 {
			t.Errorf("%s: none is %+v", why, got)
		}
	}
	start("a:x,y b:z")
	check("first", "a:x,y b:z")
	start("")
	check("none given", "a:x,y b:z")
	start("a:y,x,w c:")
	check("other order", "a:y,x,w b:z")
	start("b:")
	check("gone", "a:y,x,w")
	must(t, l.Close())
	check("closed", "a:y,x,w")
}

func TestRenameOutlines(t *testing.T) {
	for _, tt := range []struct{ was, from, to, want string }{
		{"a:x,y", "a", "b", "a: b:x,y"},
		{"a:x,y b:z", "a", "b", "a: b:z,x,y"},
		{"a:x,y b:y", "a", "b", "a: b:y,x"},
		{"a:x,y", "c", "b", ""},
		{"a:x,y", "a.x", "a.w", "a:w/x,y"},
		{"a:x,y", "a.x", "a.y", "a:y"},
		{"a:x,y", "a.z", "a.w", ""},
		{"a:x,y b:z", "a.x", "b.w", "a:y b:z,w/x"},
		{"a:x,y b:z", "a.x", "b.z", "a:y b:z"},
		{"a:x", "a.x", "b.x", "a: b:x"},
		{"a:x", `a.x["1"]`, `a.y["1"]`, ""},
	} {
		t.Run(tt.was+" "+tt.from+" "+tt.to, func(t *testing.T) {
			was, want := outlineOf(tt.was), outlineOf(tt.want)
			got := renameOutlines(was, parseTest(t, tt.from), parseTest(t, tt.to))
			if len(got) != len(want) {
				t.Fatalf("%+v, want %+v", got, want)
			}
			for s := range want {
				if len(got[s]) != len(want[s]) || len(got[s]) > 0 && !reflect.DeepEqual(got[s], want[s]) {
					t.Errorf("%s: %+v, want %+v", s, got[s], want[s])
				}
			}
			if !reflect.DeepEqual(was, outlineOf(tt.was)) {
				t.Errorf("what it was made of became %+v", was)
			}
		})
	}
}
