package providertest

import (
	"slices"
	"strings"
	"testing"
)

// Each form of documentation, on a small page that no vendor wrote.
func TestDocumentedOn(t *testing.T) {
	for _, tt := range []struct{ name, page, want string }{
		{"an HTML table", `<table><thead><tr><th width="20">Name</th><th>Type</th></tr></thead><tbody>
			<tr><td>api-key<mark style="color:red;">*</mark></td><td>string</td></tr><tr>
			<td width="7"><a href="#x">a_b</a></td><td>c_d</td></tr></tbody></table>`, "api-key a_b"},
		{"several names in a cell", `<tr><td><p>one, two_b, </p><p>three</p></td><td>four</td></tr>`, "one two_b three"},
		{"members by arrows", `<tr><td>parent -> child*</td></tr><tr><td>a &#x2D;&gt; b → c[]</td></tr>`, "parent.child a.b.c"},
		{"a cell of prose, and an empty one", `<tr><td>Read the newest message</td><td>limit_x</td></tr><tr><td></td><td>x</td></tr>`, ""},
		{"members that a description lists", `<tr><td>a</td><td><ul><li><strong>b_c</strong>: what</li><li>d<strong>e</strong>: f</li></ul><strong>Example</strong>: g</td></tr>`, "a b_c"},
		{"words in emphasis", `<tr><td>a</td><td>one of <em>red, green</em> or p<em>ale_blue</em>, <em>not this one</em></td></tr>`, "a red green pale_blue"},
		{"a Markdown table", "| Name | Type |\n|:-----|-----:|\n| a\\_b<mark>\\*</mark> | c |\n|  | d |\n| `e` | f |\n\n| g | h |", "a_b e"},
		{"a table in a fence", "```\n| Name |\n|---|\n| a |\n```\n", ""},
		{"a table of paragraphs", "Parameters:\n\nParameter\n\nDescription\n\nRequired\n\nfirst_id\n\nthe one\n\nyes\n\nsecond\n\nthe\n\nother\n\nno\n\nSample:\n\nthird", "first_id second"},
		{"one with types", "Parameter\n\ntype\n\nDescription\n\nRequired\n\na\n\nstring\n\nwhat it is\n\nno\n\nb\n\nobject\n\nc d\n\nNo\n\nThe end", "a b"},
		{"one of two columns", "Header Parameter\n\nDescription\n\nmy_key\n\nthe key of a user\n\nParameter\n\nDescription\n\nid\n\nits number\n\n1 - one\n\nkind\n\nwhat kind it is\n\nMore:\n\nid2",
			"my_key id kind 1_one"},
		{"no table of paragraphs", "Parameter\n\nid\n\nDescription\n\nof it", ""},
		{"members of JSON", "```\n{\"a_b\": 1, \"c\" : {\"d-e\":[\"f\"]}}\n```\nand {\n\"g\": \"h: i\"\n}", "a_b c d-e g"},
		{"members within a string", `body: "{\n  \"a\": \"b\", \"c_d\":{}}"`, "a c_d"},
		{"the words of types", `{"type": "big_one", "content_type":"cards", "types": "no", "type": 7}`, "type big_one content_type cards types"},
		{"words of an enum", "Enum: \"one\" \"two-b\"\nand \"three\"\nEnum: four", "one two-b"},
		{"headers", "```\ncurl -H 'X-Key: 1' --header \"Accept: all\" -d 'Not: this'\n```", "X-Key Accept"},
		{"placeholders", "to {contact_id}, {% hint %}, { no }, {b}", "contact_id b"},
		{"methods", "a GET request, a POSTED letter; `DELETE`", "GET DELETE"},
		{"names in spans", "`a_b`, `force : true`, `two words`, `https://example.com`, `1 < 2`", "a_b force"},
		{"addresses", "```\nPUT /v1/a/{id}\ncurl 'https://example.com/v2/b?c=1' 'application/json' // no\n```\n`https://example.com/d/`, `/e`\n\nhttps://example.com/f\n\nsee https://example.com/no and [x](https://example.com/no)",
			"PUT /v1/a/{id} id /v2/b /d/ /e /f"},
		{"statuses", "### Wrong (HTTP Status → 401)\nHTTP 404; HTTP status code: 500\n{% tab title=\"201 \" %}\n{% tab title=\"200: OK {\" %}\n429 Too Many Requests\n403 people, 500 OK, 12345 OK, http://127.0.0.1",
			"HTTP_401 HTTP_404 HTTP_500 HTTP_201 HTTP_200 HTTP_429"},
		{"limits", "25 RPS, 1,000 characters, 10 quick replies, the 5 entries, 2 MB, in 1 API call; 7 apples, v1.5 requests, a-3 items, 2 to 3 of them",
			"25_RPS 1,000_characters 10_replies 5_entries 2_MB 1_call"},
		{"limits within tags", `<td width="3">items</td><td>at most <b>9</b> items</td><td>4</td><td>items</td>`, "9_items"},
		{"no limits in code", "```\nGet a pack of 5 items\n```", ""},
		{"defaults and bounds", "The default value is 25.</p><p>Maximum value: 100, minimum 2; by default, the value is 5. A default key.", "25_default 100_maximum 2_minimum 5_default"},
		{"numbers of words", "1 - one\n\n  2 – two_b \n\n3 - three words\n4 -five", "1_one 2_two_b"},
		{"once each", "`b`\n\n`a`, `B`, `b`\n\n```\n{\"a\": 1, \"c\": 2}\n```", "b a c"},
		{"nothing", "A page about the weather.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, d := range documentedOn(tt.page) {
				got = append(got, strings.ReplaceAll(d.name, " ", "_"))
			}
			want := strings.Fields(tt.want)
			// Within a line, the order is that of the forms.
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%q\nwant %q", got, want)
			}
		})
	}
}

func TestDocumentedLines(t *testing.T) {
	const page = "# A page\n\n| Name |\n|---|\n| a |\n\n```\n{\n  \"b\": 1\n}\n```\nHTTP 200\n"
	want := []documented{{"a", 5}, {"b", 9}, {"HTTP 200", 12}}
	if got := documentedOn(page); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func FuzzDocumentedOn(f *testing.F) {
	f.Add("Parameter\n\ntype\n\nDescription\n\nRequired\n\na\n\nstring\n\nyes\n")
	f.Add("| a |\n|---|\n| b |\n```\n{\"c\": 1}\n<tr><td>d -> e</td></tr>\n\xff`f` 7 days HTTP 200")
	f.Fuzz(func(t *testing.T, page string) {
		seen := map[string]bool{}
		for i, d := range documentedOn(page) {
			if d.name == "" || d.line < 1 || d.line > 1+strings.Count(page, "\n") || seen[strings.ToLower(d.name)] {
				t.Fatalf("%d: %v", i, d)
			}
			seen[strings.ToLower(d.name)] = true
		}
	})
}
