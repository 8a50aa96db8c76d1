package recipes

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// evaluator evaluates the little of GitHub's expressions that the recipes use: names, strings, == and !=, &&, ||, ! and the
// functions that ask for the job's state.
type evaluator struct {
	t      *testing.T
	values map[string]string // of github.repository and the like; a name that is missing is ""
	state  string            // success, failure or cancelled
	words  []string
}

var (
	word        = regexp.MustCompile(`'[^']*'|==|!=|&&|\|\||[!()]|[A-Za-z_][A-Za-z0-9_.-]*`)
	placeholder = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)
)

// expand puts values in the place of what stands in ${{ }}.
func (e *evaluator) expand(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		return e.value(placeholder.FindStringSubmatch(s)[1])
	})
}

// condition says whether an if lets a step run. One that does not ask for the state wants success.
func (e *evaluator) condition(text string) bool {
	if m := placeholder.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	asks := regexp.MustCompile(`\b(always|cancelled|success|failure)\(\)`).MatchString(text)
	return (asks || e.state == "success") && (text == "" || truth(e.value(text)))
}

func truth(v string) bool { return v != "" && v != "false" }

func (e *evaluator) value(text string) string {
	e.words = word.FindAllString(text, -1)
	if left := strings.TrimSpace(word.ReplaceAllString(text, "")); left != "" {
		e.t.Fatalf("%s has %q, which these tests cannot read", text, left)
	}
	v := e.or()
	if len(e.words) > 0 {
		e.t.Fatalf("%s: %v is left over", text, e.words)
	}
	return v
}

func (e *evaluator) next(want string) bool {
	if len(e.words) == 0 || e.words[0] != want {
		return false
	}
	e.words = e.words[1:]
	return true
}

func (e *evaluator) or() string {
	v := e.and()
	for e.next("||") {
		if w := e.and(); !truth(v) {
			v = w
		}
	}
	return v
}

func (e *evaluator) and() string {
	v := e.compared()
	for e.next("&&") {
		if w := e.compared(); truth(v) {
			v = w
		}
	}
	return v
}

func (e *evaluator) compared() string {
	v := e.single()
	switch {
	case e.next("=="):
		return fmt.Sprint(v == e.single())
	case e.next("!="):
		return fmt.Sprint(v != e.single())
	}
	return v
}

func (e *evaluator) single() string {
	switch {
	case e.next("!"):
		return fmt.Sprint(!truth(e.single()))
	case e.next("("):
		v := e.or()
		e.next(")")
		return v
	}
	name := e.words[0]
	e.words = e.words[1:]
	if s, quoted := strings.CutPrefix(name, "'"); quoted {
		return strings.TrimSuffix(s, "'")
	}
	if !e.next("(") {
		return e.values[name]
	}
	e.next(")")
	switch name {
	case "always":
		return "true"
	case "success", "failure", "cancelled":
		return fmt.Sprint(e.state == name)
	}
	e.t.Fatalf("%s() is not known here", name)
	return ""
}

func TestExpressions(t *testing.T) {
	e := &evaluator{t: t, values: map[string]string{"a.b": "x", "n": "0"}, state: "failure"}
	for text, want := range map[string]bool{
		"a.b == 'x'": false, "always()": true, "always() && a.b == 'x'": true, "${{ !cancelled() }}": true,
		"failure() && (a.b != 'x' || n == '0')": true, "always() && a.c != ''": false, "": false,
	} {
		if got := e.condition(text); got != want {
			t.Errorf("%s is %t", text, got)
		}
	}
	if got := e.expand("p-${{ a.b }}-${{ a.c }}."); got != "p-x-." {
		t.Error(got)
	}
}
