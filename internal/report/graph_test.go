package report

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// hostile are texts that mean something to one of the formats, or to a terminal.
var hostile = []string{
	"", "end", "graph", "digraph", "subgraph x", "%%", "%%{init: {}}%%", "\"", "\\", "\\\"", "\\n", "\n", "\r\n", "\x1b[31m", "\u202e", "]", "[", "])", "}}", "(", "`", "`**b**`",
	"<script>", "<br/>", "&quot;", "&#34;", "#quot;", "#35;", ";", "style a:#fff;", "classDef x:#f;", "-->", "->", "--", "|", "a|b", ":::x", "//", "/*", "# c", "ﬂ°°34¶ß", "é", "e\u0301", "💥", "$$x$$",
	"_", "__", "_20", " ", "a b", "a_20b", "\\N", "\\", "a\\", "0", "\xff",
}

func drawnName(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(hostile), rapid.String()), 0, 4).Draw(t, "name"), "")
}

// drawnGraph draws any graph: every node once, edges between any two.
func drawnGraph(t *rapid.T) Graph {
	var g Graph
	seen := map[place]bool{}
	for range rapid.IntRange(1, 5).Draw(t, "nodes") {
		n := GraphNode{Kind: rapid.SampledFrom([]GraphKind{GraphSource, GraphContact, GraphAudience, GraphConversation, GraphSequence}).Draw(t, "kind"), Name: drawnName(t)}
		if rapid.Bool().Draw(t, "more") {
			n.File = drawnName(t)
			n.Messages = []GraphMessage{{Name: drawnName(t)}}
		}
		if !seen[place{n.Kind, n.Name}] {
			g.Nodes = append(g.Nodes, n)
		}
		seen[place{n.Kind, n.Name}] = true
	}
	for range rapid.IntRange(0, 4).Draw(t, "edges") {
		end := rapid.IntRange(0, len(g.Nodes)-1)
		edge := GraphEdge{From: end.Draw(t, "from"), To: end.Draw(t, "to"), Excludes: rapid.Bool().Draw(t, "excludes")}
		if !edge.Excludes && rapid.Bool().Draw(t, "named") {
			edge.Messages = []string{drawnName(t), drawnName(t)}
		}
		g.Edges = append(g.Edges, edge)
	}
	return g
}

// read is what a reader finds in a drawing, in its order: a node is its id and text, an edge two ids and a text.
type read struct{ nodes, edges [][]string }

func (g Graph) wanted() read {
	var r read
	for i := range g.Nodes {
		lines := g.Nodes[i].lines()
		for i := range lines {
			lines[i] = Escape(lines[i])
		}
		r.nodes = append(r.nodes, []string{g.Nodes[i].id(), strings.Join(lines, "\n")})
	}
	for _, edge := range g.Edges {
		text := ""
		switch {
		case edge.Excludes:
			text = "excluded"
		case edge.Messages != nil:
			text = Escape(edge.Messages[0]) + ", " + Escape(edge.Messages[1])
		}
		r.edges = append(r.edges, []string{g.Nodes[edge.From].id(), g.Nodes[edge.To].id(), text})
	}
	return r
}

// No name breaks out of its place in DOT, and each can be read back.
func TestDOTHoldsAnyName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawnGraph(t)
		var out bytes.Buffer
		if err := g.DOT(&out); err != nil {
			t.Fatal(err)
		}
		got, err := readDOT(out.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, out.String())
		}
		if diff := cmp.Diff(g.wanted(), got, cmp.AllowUnexported(read{})); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, out.String())
		}
	})
}

var dotToken = regexp.MustCompile(`^(?:\s+|->|[{}\[\];,=]|[A-Za-z_][A-Za-z0-9_]*|"(?:[^"\\\n]|\\["\\n])*")`)

// readDOT reads the part of the language that is written here, and nothing else.
func readDOT(text string) (read, error) {
	var tokens []string
	for rest := text; rest != ""; {
		token := dotToken.FindString(rest)
		if token == "" {
			return read{}, fmt.Errorf("no DOT: %.40q", rest)
		}
		if rest = rest[len(token):]; strings.TrimSpace(token) != "" {
			tokens = append(tokens, token)
		}
	}
	next := func() (token string) {
		if len(tokens) > 0 {
			token, tokens = tokens[0], tokens[1:]
		}
		return token
	}
	for _, want := range []string{"digraph", "campaign", "{", "rankdir", "=", "LR", ";"} {
		if got := next(); got != want {
			return read{}, fmt.Errorf("%q instead of %q", got, want)
		}
	}
	var r read
	for {
		id := next()
		if id == "}" {
			break
		}
		to := ""
		if !regexp.MustCompile(`^[a-z]+_[A-Za-z0-9_]*$`).MatchString(id) {
			return r, fmt.Errorf("%q is no id", id)
		}
		token := next()
		if token == "->" {
			to, token = next(), next()
		}
		label := ""
		if token == "[" {
			for token != "]" {
				name, is, value := next(), next(), next()
				if is != "=" {
					return r, fmt.Errorf("%q after %q", is, name)
				}
				if name == "label" {
					label = value
				}
				if token = next(); token != "," && token != "]" {
					return r, fmt.Errorf("%q in attributes", token)
				}
			}
			token = next()
		}
		if token != ";" {
			return r, fmt.Errorf("%q at the end of a statement", token)
		}
		label = html.UnescapeString(strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n").Replace(strings.TrimSuffix(strings.TrimPrefix(label, `"`), `"`)))
		if to != "" {
			r.edges = append(r.edges, []string{id, to, label})
		} else {
			r.nodes = append(r.nodes, []string{id, label})
		}
	}
	if len(tokens) > 0 {
		return r, errors.New("more after the end")
	}
	return r, nil
}

// No name breaks out of its place in Mermaid, and each can be read back.
func TestMermaidHoldsAnyName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawnGraph(t)
		var out bytes.Buffer
		if err := g.Mermaid(&out); err != nil {
			t.Fatal(err)
		}
		got, err := readMermaid(out.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, out.String())
		}
		if diff := cmp.Diff(g.wanted(), got, cmp.AllowUnexported(read{})); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, out.String())
		}
	})
}

const mermaidID, mermaidQuoted = `([a-z]+_[A-Za-z0-9_]*)`, `"((?:[\pL\pM\pN ._,/@+()-]|#[0-9]+;|<br/>)*)"`

var (
	mermaidNode   = regexp.MustCompile(`^  ` + mermaidID + `(?:\[\(|\(\[|\{\{|\(|\[)` + mermaidQuoted + `(?:\)\]|\]\)|\}\}|\)|\])$`)
	mermaidEdge   = regexp.MustCompile(`^  ` + mermaidID + ` -\.?->(?:\|` + mermaidQuoted + `\|)? ` + mermaidID + `$`)
	mermaidNumber = regexp.MustCompile(`#[0-9]+;`)
)

// readMermaid reads lines in the form in which they are written here.
func readMermaid(text string) (read, error) {
	plain := func(s string) string {
		return mermaidNumber.ReplaceAllStringFunc(strings.ReplaceAll(s, "<br/>", "\n"), func(s string) string {
			n, _ := strconv.Atoi(s[1 : len(s)-1])
			return string(rune(n))
		})
	}
	lines := strings.Split(text, "\n")
	if lines[0] != "flowchart LR" || lines[len(lines)-1] != "" {
		return read{}, errors.New("no flowchart")
	}
	var r read
	for _, line := range lines[1 : len(lines)-1] {
		if m := mermaidNode.FindStringSubmatch(line); m != nil {
			r.nodes = append(r.nodes, []string{m[1], plain(m[2])})
		} else if m := mermaidEdge.FindStringSubmatch(line); m != nil {
			r.edges = append(r.edges, []string{m[1], m[3], plain(m[2])})
		} else {
			return r, fmt.Errorf("no node and no edge: %q", line)
		}
	}
	return r, nil
}

// Two nodes never have the same id.
func TestGraphIDsDiffer(t *testing.T) {
	ids := map[string]GraphNode{}
	rapid.Check(t, func(t *rapid.T) {
		n := GraphNode{Kind: rapid.SampledFrom([]GraphKind{GraphSource, GraphContact}).Draw(t, "kind"), Name: drawnName(t)}
		if other, taken := ids[n.id()]; taken && (other.Name != n.Name || other.Kind != n.Kind) {
			t.Fatalf("%v and %v are both %s", n, other, n.id())
		}
		ids[n.id()] = n
	})
}
