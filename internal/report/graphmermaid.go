package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// mermaidShapes are the brackets around a node.
var mermaidShapes = map[GraphKind][2]string{
	GraphSource:       {"[(", ")]"},
	GraphContact:      {"([", "])"},
	GraphAudience:     {"{{", "}}"},
	GraphConversation: {"(", ")"},
	GraphSequence:     {"[", "]"},
}

// Mermaid writes the graph as a flowchart that Markdown pages draw.
func (g Graph) Mermaid(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintln(w, "flowchart LR")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		shape := mermaidShapes[n.Kind]
		fmt.Fprintf(w, "  %s%s%s%s\n", n.id(), shape[0], mermaidText(n.lines(), "<br/>"), shape[1])
	}
	for _, edge := range g.Edges {
		arrow := "-->"
		switch {
		case edge.Excludes:
			arrow = "-.->|" + mermaidText([]string{"excluded"}, "") + "|"
		case len(edge.Messages) > 0:
			arrow = "-->|" + mermaidText(edge.Messages, ", ") + "|"
		}
		fmt.Fprintf(w, "  %s %s %s\n", g.Nodes[edge.From].id(), arrow, g.Nodes[edge.To].id())
	}
	return w.Flush()
}

// mermaidText writes lines as one text in quotes. Inside, only letters, digits and a few signs stand for themselves; any
// other character is its number between # and ;, since Mermaid looks for quotes, tags, Markdown, comments, directives and
// styles in text, too.
func mermaidText(lines []string, between string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, line := range lines {
		if i > 0 {
			b.WriteString(between)
		}
		for _, r := range Escape(line) {
			if r == ' ' || unicode.In(r, unicode.L, unicode.M, unicode.N) || strings.ContainsRune("._-,/@+()", r) {
				b.WriteRune(r)
			} else {
				fmt.Fprintf(&b, "#%d;", r)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}
