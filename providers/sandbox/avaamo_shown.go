package sandbox

import "encoding/json"

// avaamoShown reads a body that passed avaamoBody. Dates, deep links, files, ratings, pages inside the chat and texts that
// only a notification shows have no place in Shown.
func avaamoShown(m Message) Shown {
	body, _ := fields(m.Body)
	message := body["message"]
	if s, ok := text(message); ok {
		return Shown{Words: s}
	}
	var r reading
	o := r.object(message, "quick_reply", "card", "list_view", "carousel")
	switch {
	case o["quick_reply"] != nil:
		q := r.object(o["quick_reply"], "content", "links")
		return r.or(Shown{Words: r.text(q, "content"), Answers: each(r.all(q, "links"), r.avaamoAnswer)}, message)
	case o["list_view"] != nil:
		l := r.object(o["list_view"], "top_element_style", "items")
		s := Shown{Rows: each(r.all(l, "items"), r.avaamoRow)}
		if l["top_element_style"] != nil {
			s.Style = r.word(l, "top_element_style", "large", "compact")
		}
		return r.or(s, message)
	case o["carousel"] != nil:
		c := r.object(o["carousel"], "title", "cards")
		return r.or(Shown{Words: r.text(c, "title"), Cards: each(r.all(c, "cards"), func(raw json.RawMessage) Card {
			return r.avaamoCard(r.object(raw, "card")["card"])
		})}, message)
	}
	card, _ := fields(o["card"])
	if card["inputs"] == nil {
		return r.or(Shown{Cards: []Card{r.avaamoCard(o["card"])}}, message)
	}
	form := r.object(o["card"], "title", "inputs")
	return r.or(Shown{Words: r.text(form, "title"), Fields: each(r.all(form, "inputs"), r.avaamoField)}, message)
}

func (r *reading) avaamoAnswer(raw json.RawMessage) Answer {
	o := r.object(raw, "type", "title", "value")
	r.word(o, "type", "post_message")
	return Answer{r.text(o, "title"), r.text(o, "value")}
}

func (r *reading) avaamoRow(raw json.RawMessage) Row {
	o := r.object(raw, "title", "subtitle", "image_path", "links")
	return Row{r.text(o, "title"), r.text(o, "subtitle"), r.text(o, "image_path"), each(r.all(o, "links"), r.avaamoTap)}
}

func (r *reading) avaamoCard(raw json.RawMessage) Card {
	o := r.object(raw, "title", "description", "showcase_image_path", "links")
	return Card{r.text(o, "title"), r.text(o, "description"), r.text(o, "showcase_image_path"), each(r.all(o, "links"), r.avaamoTap)}
}

// avaamoTap reads a link. In a list, content may stand for value.
func (r *reading) avaamoTap(raw json.RawMessage) Tap {
	o := r.object(raw, "type", "title", "value", "url", "content")
	if r.word(o, "type", "web_page", "post_message") == "web_page" {
		return Tap{r.text(o, "title"), r.only(o, "value", "url"), true}
	}
	return Tap{r.text(o, "title"), r.only(o, "value", "content"), false}
}

// avaamoField reads a form element. One that does not say whether it must be answered must be.
func (r *reading) avaamoField(raw json.RawMessage) Field {
	o := r.object(raw, "type", "title", "uuid", "should_validate", "sub_type", "options")
	f := Field{Name: r.text(o, "uuid"), Label: r.text(o, "title"), Required: r.flag(o, "should_validate", true)}
	switch r.word(o, "type", "single_line_text", "data_capture", "poll", "picklist") {
	case "single_line_text":
		f.Type = "text"
		if o["sub_type"] != nil {
			f.Type = r.word(o, "sub_type", "email")
		}
	case "data_capture":
		f.Type = "long_text"
	default:
		f.Type, f.Options = "choice", each(r.all(o, "options"), r.avaamoOption)
	}
	return f
}

func (r *reading) avaamoOption(raw json.RawMessage) Answer {
	if s, ok := text(raw); ok {
		return Answer{s, s}
	}
	s := r.text(r.object(raw, "option", "uuid"), "option")
	return Answer{s, s}
}
