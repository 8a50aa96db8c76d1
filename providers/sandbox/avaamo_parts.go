package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// avaamoQuickLink takes a link of a quick reply: fewer types and members than elsewhere.
func avaamoQuickLink() check {
	short := textOf(avaamoText)
	return typed(map[string]check{
		"type": oneOf("post_message", "deeplink", "date"), "title": short, "value": short,
		"format": short, "minDate": short, "maxDate": short, "hidden_content": short,
	}, map[string][]string{"post_message": {"value"}, "deeplink": {"value"}})
}

// avaamoLink takes a link of a card or list item. The sample of "Post agent messages" has, in a list, content in the
// place of value; there it is taken.
func avaamoLink(inList bool) check {
	short := textOf(avaamoText)
	known := map[string]check{
		"type":  oneOf("web_page", "post_message", "deeplink", "web_view_srcdoc", "web_view_url", "date"),
		"title": short, "url": short, "value": short,
		"srcdoc": textOf(avaamoSource),
		// The page lists the words with a capital and shows them without.
		"webview_height_ratio": oneOf("compact", "tall", "full", "Compact", "Tall", "Full"),
		"hidden_content":       short, "format": short, "minDate": short, "maxDate": short,
	}
	says := []string{"value"}
	if inList {
		known["content"], says = short, append(says, "content")
	}
	return typed(known, map[string][]string{
		"post_message":    says,
		"web_page":        {"value", "url"},
		"web_view_url":    {"value", "url"},
		"deeplink":        {"value", "url"},
		"web_view_srcdoc": {"srcdoc"},
	})
}

// typed takes an object with type and title, and with at least one of the members that its type needs.
func typed(known map[string]check, needs map[string][]string) check {
	shape := object([]string{"type", "title"}, known)
	return func(where string, raw json.RawMessage) string {
		if problem := shape(where, raw); problem != "" {
			return problem
		}
		o, _ := fields(raw)
		kind, _ := text(o["type"])
		need := needs[kind]
		for _, name := range need {
			if _, given := o[name]; given {
				return ""
			}
		}
		if need == nil {
			return ""
		}
		return fmt.Sprintf("%s, a %s, must have the member %s", where, kind, strings.Join(need, " or "))
	}
}

// avaamoInput takes a form element of a card. Each type has a page of its own with its members.
func avaamoInput() check {
	short := textOf(avaamoText)
	must := []string{"uuid"}
	date := input(must, map[string]check{
		"disable_weekends": isFlag, "default_value": short, "min_date": short, "max_date": short,
		"should_validate": isFlag, "format": short,
	})
	choice := input([]string{"uuid", "options"}, map[string]check{
		"default_value": short, "should_validate": isFlag, "options": listOf(0, avaamoOption()),
	})
	file := input(must, map[string]check{"should_validate": isFlag, "image_only": isFlag})
	shapes := map[string]check{
		"single_line_text": input(nil, map[string]check{
			"sub_type": oneOf("password", "number", "email", "url"), "should_validate": isFlag, "hint": short,
			"format": short, "regex_format": short, "default_value": short,
		}),
		"data_capture": input(must, map[string]check{
			"should_validate": isFlag, "hint": short, "default_value": textOf(avaamoCapture),
		}),
		"date_time": date, "date": date,
		"picklist": choice, "poll": choice, "checklist": choice,
		"file": file, "file_group": file,
		"rating": input(must, nil),
	}
	return func(where string, raw json.RawMessage) string {
		o, _ := fields(raw)
		kind, _ := text(o["type"])
		shape, known := shapes[kind]
		if !known {
			return where + " must be a form element of a documented type"
		}
		return shape(where, raw)
	}
}

// input takes an object with type, title, perhaps uuid, and what else its type has.
func input(must []string, more map[string]check) check {
	known := map[string]check{"type": textOf(avaamoText), "title": textOf(avaamoText), "uuid": textOf(avaamoText)}
	maps.Copy(known, more)
	return object(append([]string{"type", "title"}, must...), known)
}

// avaamoOption takes what can be chosen: a text, or an object with the text and an optional uuid.
func avaamoOption() check {
	short := textOf(avaamoText)
	shape := object([]string{"option"}, map[string]check{"uuid": short, "option": short})
	return func(where string, raw json.RawMessage) string {
		if len(raw) > 0 && raw[0] == '"' {
			return short(where, raw)
		}
		return shape(where, raw)
	}
}
