package report

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
	"herald/planner"
	"herald/spec"
)

// Graph is a campaign drawn: who is written to, where, and what is said. Nodes and edges stand in the order in which
// they are drawn.
type Graph struct {
	FormatVersion string      `json:"format_version"`
	Nodes         []GraphNode `json:"nodes"`
	Edges         []GraphEdge `json:"edges"`
}

// GraphKind says what a node is.
type GraphKind string

// The kinds of nodes, in the order in which they are drawn.
const (
	GraphSource       GraphKind = "contacts"
	GraphContact      GraphKind = "contact"
	GraphAudience     GraphKind = "audience"
	GraphConversation GraphKind = "conversation"
	GraphSequence     GraphKind = "sequence"
)

// GraphNode is one block of the campaign. Kind and name identify it.
type GraphNode struct {
	Kind     GraphKind      `json:"kind"`
	Name     string         `json:"name"`
	File     string         `json:"file,omitempty"`     // of a source
	Account  string         `json:"account,omitempty"`  // of a conversation
	People   *int           `json:"people,omitempty"`   // of a source, an audience, or whom a sequence speaks to
	Messages []GraphMessage `json:"messages,omitempty"` // of a sequence, in order
}

// GraphMessage is one message of a sequence.
type GraphMessage struct {
	Name  string `json:"name"`
	After string `json:"after,omitempty"` // since the message before it, as in 2d
}

// GraphEdge leads from one node to another, by their places in Nodes.
type GraphEdge struct {
	From     int      `json:"from"`
	To       int      `json:"to"`
	Excludes bool     `json:"excludes,omitempty"` // the people of From are kept out of To
	Messages []string `json:"messages,omitempty"` // of To that go to From, where others go elsewhere
}

// NewGraph makes the model of a campaign. reach says how many people each sequence speaks to, census how many each source and
// audience has.
func NewGraph(c *spec.Campaign, reach []planner.Reach, census map[string]int) Graph {
	count := func(kind spec.RefKind, name string) *int {
		if n, known := census[string(kind)+"."+name]; known {
			return &n
		}
		return nil
	}
	d := &drawing{Graph: Graph{FormatVersion: "1.0", Nodes: []GraphNode{}, Edges: []GraphEdge{}}, at: map[place]int{}}
	for _, name := range slices.Sorted(maps.Keys(c.Sources)) {
		d.node(GraphNode{Kind: GraphSource, Name: name, File: c.Sources[name].File, People: count(spec.RefContacts, name)})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Contacts)) {
		d.node(GraphNode{Kind: GraphContact, Name: name})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Audiences)) {
		d.node(GraphNode{Kind: GraphAudience, Name: name, People: count(spec.RefAudience, name)})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Conversations)) {
		d.node(GraphNode{Kind: GraphConversation, Name: name, Account: c.Conversations[name].Account.Name()})
	}
	people := map[string]int{}
	for _, r := range reach {
		people[r.Sequence] = r.People
	}
	for _, s := range c.Sequences {
		n := GraphNode{Kind: GraphSequence, Name: s.Name}
		if count, known := people[s.Name]; known {
			n.People = &count
		}
		for _, m := range s.Messages {
			one := GraphMessage{Name: m.Name}
			if m.After > 0 {
				one.After = spec.FormatDuration(m.After)
			}
			n.Messages = append(n.Messages, one)
		}
		d.node(n)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Audiences)) {
		d.people(c.Audiences[name].Include, GraphAudience, name, false)
		d.people(c.Audiences[name].Exclude, GraphAudience, name, true)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Conversations)) {
		d.people(c.Conversations[name].With, GraphConversation, name, false)
	}
	for _, s := range c.Sequences {
		d.sequence(s)
	}
	return d.Graph
}

// drawing is a graph while it is made.
type drawing struct {
	Graph
	at map[place]int
}

// place is what identifies a node.
type place struct {
	kind GraphKind
	name string
}

func (d *drawing) node(n GraphNode) {
	d.at[place{n.Kind, n.Name}] = len(d.Nodes)
	d.Nodes = append(d.Nodes, n)
}

// people draws where the people of a block come from. A block that names one twice gets one edge.
func (d *drawing) people(from []spec.Ref, kind GraphKind, name string, excludes bool) {
	drawn := map[place]bool{}
	for _, ref := range from {
		source := place{GraphKind(ref.Kind), ref.Name}
		if !drawn[source] {
			d.Edges = append(d.Edges, GraphEdge{From: d.at[source], To: d.at[place{kind, name}], Excludes: excludes})
		}
		drawn[source] = true
	}
}

// sequence draws where the messages of a sequence go. Those with a conversation of their own are named at its edge.
func (d *drawing) sequence(s *spec.Sequence) {
	to := d.at[place{GraphSequence, s.Name}]
	own := map[string][]string{}
	for _, m := range s.Messages {
		if m.Conversation.Name != s.Conversation.Name {
			own[m.Conversation.Name] = append(own[m.Conversation.Name], m.Name)
		}
	}
	d.Edges = append(d.Edges, GraphEdge{From: d.at[place{GraphConversation, s.Conversation.Name}], To: to})
	for _, name := range slices.Sorted(maps.Keys(own)) {
		d.Edges = append(d.Edges, GraphEdge{From: d.at[place{GraphConversation, name}], To: to, Messages: own[name]})
	}
}

// lines are what is written in a node.
func (n *GraphNode) lines() []string {
	lines := []string{string(n.Kind) + "." + n.Name}
	if !hclsyntax.ValidIdentifier(n.Name) {
		lines[0] = string(n.Kind) + "[" + addr.Quote(n.Name) + "]"
	}
	for _, more := range []string{n.File, n.Account} {
		if more != "" {
			lines = append(lines, more)
		}
	}
	if n.People != nil {
		lines = append(lines, Count(*n.People, "contact"))
	}
	for _, m := range n.Messages {
		if m.After != "" {
			m.Name += ", " + m.After + " later"
		}
		lines = append(lines, m.Name)
	}
	return lines
}

// id names a node in a drawing. Letters and digits stay, _ is doubled and any other byte becomes _ and two hex digits, so
// that no two names have the same id; with the kind before it, none is a word of the format.
func (n *GraphNode) id() string {
	const hex = "0123456789abcdef"
	id := []byte(string(n.Kind) + "_")
	for _, b := range []byte(n.Name) {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
			id = append(id, b)
		case b == '_':
			id = append(id, '_', '_')
		default:
			id = append(id, '_', hex[b>>4], hex[b&15])
		}
	}
	return string(id)
}
