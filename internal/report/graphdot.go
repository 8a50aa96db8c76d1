package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// dotShapes are the shapes of nodes.
var dotShapes = map[GraphKind]string{
	GraphSource:       "shape=cylinder",
	GraphContact:      "shape=ellipse",
	GraphAudience:     "shape=hexagon",
	GraphConversation: `shape=box, style=rounded`,
	GraphSequence:     "shape=box",
}

// DOT writes the graph in the language of Graphviz.
func (g Graph) DOT(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintln(w, "digraph campaign {\n  rankdir=LR;")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		fmt.Fprintf(w, "  %s [%s, label=%s];\n", n.id(), dotShapes[n.Kind], dotText(n.lines(), `\n`))
	}
	for _, edge := range g.Edges {
		how := ""
		switch {
		case edge.Excludes:
			how = " [style=dashed, arrowhead=tee, label=" + dotText([]string{"excluded"}, "") + "]"
		case len(edge.Messages) > 0:
			how = " [label=" + dotText(edge.Messages, ", ") + "]"
		}
		fmt.Fprintf(w, "  %s -> %s%s;\n", g.Nodes[edge.From].id(), g.Nodes[edge.To].id(), how)
	}
	fmt.Fprintln(w, "}")
	return w.Flush()
}

// dotEscapes are the signs that Graphviz reads in the text of a label: quotes, its own escapes, and HTML's entities.
var dotEscapes = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "&", "&amp;")

// dotText writes lines as one text in quotes; between is in Graphviz's words.
func dotText(lines []string, between string) string {
	plain := make([]string, len(lines))
	for i, line := range lines {
		plain[i] = dotEscapes.Replace(Escape(line))
	}
	return `"` + strings.Join(plain, between) + `"`
}
