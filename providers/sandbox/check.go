package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// check looks at one JSON value and says what is wrong with it, "" when nothing is. where names the value in the answer;
// the value itself is never repeated.
type check func(where string, raw json.RawMessage) (problem string)

// textOf takes text of 1 to most characters (Unicode code points); most 0 stands for any number.
func textOf(most int) check {
	return func(where string, raw json.RawMessage) string {
		s, ok := text(raw)
		switch n := utf8.RuneCountInString(s); {
		case !ok || n == 0:
			return where + " must be text that is not empty"
		case most > 0 && n > most:
			return fmt.Sprintf("%s has %d characters, %d are allowed", where, n, most)
		}
		return ""
	}
}

// oneOf takes exactly these words.
func oneOf(words ...string) check {
	return func(where string, raw json.RawMessage) string {
		if s, ok := text(raw); !ok || !slices.Contains(words, s) {
			return fmt.Sprintf("%s must be one of: %s", where, strings.Join(words, ", "))
		}
		return ""
	}
}

// isFlag takes true and false.
func isFlag(where string, raw json.RawMessage) string {
	if _, ok := boolean(raw); !ok {
		return where + " must be true or false"
	}
	return ""
}

// idMost is the highest id that every JSON reader keeps exact: 2^53 - 1.
const idMost = 1<<53 - 1

// isID takes whole numbers from 1 to idMost.
func isID(where string, raw json.RawMessage) string {
	if id(raw) == 0 {
		return fmt.Sprintf("%s must be a whole number from 1 to %d", where, int64(idMost))
	}
	return ""
}

// id reads what isID takes, 0 when raw is anything else.
func id(raw json.RawMessage) int64 {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < 0 || n > idMost {
		return 0
	}
	return n
}

// listOf takes an array of 1 to most elements that each passes; most 0 stands for any number.
func listOf(most int, each check) check {
	return func(where string, raw json.RawMessage) string {
		all, ok := list(raw)
		switch {
		case !ok || len(all) == 0:
			return where + " must be an array that is not empty"
		case most > 0 && len(all) > most:
			return fmt.Sprintf("%s has %d elements, %d are allowed", where, len(all), most)
		}
		for i, element := range all {
			if problem := each(fmt.Sprintf("%s[%d]", where, i), element); problem != "" {
				return problem
			}
		}
		return ""
	}
}

// object takes an object that has all members of must and no other than the known ones, each of which passes.
func object(must []string, known map[string]check) check {
	order := slices.Sorted(maps.Keys(known))
	return func(where string, raw json.RawMessage) string {
		o, ok := fields(raw)
		if !ok {
			return where + " must be an object"
		}
		if more := unknown(o, order...); more != nil {
			return fmt.Sprintf("%s has an unknown member: %s", where, more[0])
		}
		for _, name := range must {
			if _, given := o[name]; !given {
				return fmt.Sprintf("%s must have the member %s", where, name)
			}
		}
		for _, name := range order {
			if value, given := o[name]; given {
				if problem := known[name](where+"."+name, value); problem != "" {
					return problem
				}
			}
		}
		return ""
	}
}
