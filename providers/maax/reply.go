package maax

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// maxSteps bounds reply_path.
const maxSteps = 20

// step is one part of a reply_path: a member of an object or, without a name, an element of a list.
type step struct {
	member string
	index  int
}

// replyPath is where the reply stands in what Maax posts; nil for none.
type replyPath []step

// parsePath reads a path such as answer.text or messages[0].content.
func parsePath(s string) (path replyPath, err error) {
	if !utf8.ValidString(s) {
		return nil, errors.New("it is not valid UTF-8")
	}
	for rest := s; rest != ""; {
		if len(path) == maxSteps {
			return nil, fmt.Errorf("it has more than %d parts", maxSteps)
		}
		if inside, ok := strings.CutPrefix(rest, "["); ok {
			digits, after, closed := strings.Cut(inside, "]")
			index, err := strconv.Atoi(digits)
			if !closed || err != nil || index < 0 || strconv.Itoa(index) != digits {
				return nil, errors.New("what stands in [ ] must be the number of an element, from 0 on")
			}
			path, rest = append(path, step{index: index}), after
		} else {
			end := strings.IndexAny(rest, ".[]")
			if end < 0 {
				end = len(rest)
			}
			if end == 0 {
				return nil, errors.New("a name is missing before or after a dot or bracket")
			}
			path, rest = append(path, step{member: rest[:end]}), rest[end:]
		}
		if rest == "" || rest[0] == '[' {
			continue
		}
		if rest[0] != '.' || len(rest) == 1 || rest[1] == '[' {
			return nil, errors.New("a name is missing before or after a dot or bracket")
		}
		rest = rest[1:]
	}
	return path, nil
}

// checkPath checks the setting.
func checkPath(s string) error {
	if _, err := parsePath(s); err != nil {
		return providers.WrongSetting("reply_path", fmt.Sprintf(
			"reply_path is %s, which is no path: %v. Write the names of members with dots between them, and the numbers of elements in brackets, as in answer.text or messages[0].content",
			providers.Quote(s), err))
	}
	return nil
}

// of gives the reply in what Maax posted, and what was posted, where that is JSON. With a path the reply is the text to
// which it leads. Where it leads to none, or none can be told from the rest, the reply is "": a guess would go to people
// as soon as a message quotes it.
func (path replyPath) of(body []byte) (reply string, vendor json.RawMessage) {
	if !json.Valid(body) {
		if len(path) > 0 || !utf8.Valid(body) {
			return "", nil
		}
		return string(body), nil
	}
	vendor = json.RawMessage(append([]byte(nil), body...))
	if len(path) == 0 {
		return only(vendor), vendor
	}
	value := vendor
	for _, s := range path {
		if s.member != "" {
			members, _ := wire.Object(value)
			value = members[s.member]
			continue
		}
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil || s.index >= len(list) {
			return "", vendor
		}
		value = list[s.index]
	}
	return wire.Text(value), vendor
}

// only gives the text of a JSON value that has no more than one: a string, or an object whose one string stands among
// nothing but numbers, true, false and null, as an answer does among ids. That Maax would post in this way is assumed,
// since it documents nothing; so it is "" for all else.
func only(raw json.RawMessage) (text string) {
	members, ok := wire.Object(raw)
	if !ok {
		return wire.Text(raw)
	}
	strs := 0
	for _, value := range members {
		switch value[0] {
		case '{', '[':
			return ""
		case '"':
			text = wire.Text(value)
			strs++
		}
	}
	if strs != 1 {
		return ""
	}
	return text
}
