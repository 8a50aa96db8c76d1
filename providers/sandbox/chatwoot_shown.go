package sandbox

import "encoding/json"

// chatwootShown reads a body that was made a message. Its words are those after Liquid. Attributes beside items show
// nothing; an input_email and a form's placeholders, defaults and patterns have no place in Shown.
func chatwootShown(m Message) Shown {
	var r reading
	body, _ := fields(m.Body)
	s := Shown{Words: m.Text, Aside: chatwootAside(body)}
	attributes, _ := fields(afterRules(body["content_attributes"]))
	items := r.all(attributes, "items")
	switch m.Kind {
	case "text":
		return s
	case "input_select":
		s.Answers = each(items, func(raw json.RawMessage) Answer {
			o := r.object(raw, "title", "value")
			return Answer{r.text(o, "title"), r.text(o, "value")}
		})
	case "cards":
		s.Cards = each(items, func(raw json.RawMessage) Card {
			o := r.object(raw, "title", "description", "media_url", "actions")
			return Card{r.text(o, "title"), r.text(o, "description"), r.text(o, "media_url"), each(r.all(o, "actions"), r.chatwootTap)}
		})
	case "form":
		s.Fields = each(items, r.chatwootField)
	case "article":
		s.Articles = each(items, func(raw json.RawMessage) Article {
			o := r.object(raw, "title", "description", "link")
			return Article{r.text(o, "title"), r.text(o, "description"), r.text(o, "link")}
		})
	default:
		r.lost = true
	}
	return r.or(s, m.Body)
}

// chatwootAside says what a message is that is not one to the person.
func chatwootAside(body map[string]json.RawMessage) string {
	if private, _ := boolean(body["private"]); private {
		return "private note"
	}
	if word, _ := text(body["message_type"]); word != "outgoing" {
		return word
	}
	return ""
}

func (r *reading) chatwootTap(raw json.RawMessage) Tap {
	o := r.object(raw, "type", "text", "uri", "payload")
	opens := r.word(o, "type", "link", "postback") == "link"
	if opens != (o["uri"] != nil) || opens == (o["payload"] != nil) {
		r.lost = true
	}
	return Tap{r.text(o, "text"), r.only(o, "uri", "payload"), opens}
}

func (r *reading) chatwootField(raw json.RawMessage) Field {
	o := r.object(raw, "type", "name", "label", "required", "options")
	f := Field{Name: r.text(o, "name"), Label: r.text(o, "label"), Required: r.flag(o, "required", false)}
	switch f.Type = r.word(o, "type", "text", "text_area", "email", "select"); f.Type {
	case "text_area":
		f.Type = "long_text"
	case "select":
		f.Type = "choice"
	}
	f.Options = each(r.all(o, "options"), func(raw json.RawMessage) Answer {
		o := r.object(raw, "label", "value")
		return Answer{r.text(o, "label"), r.text(o, "value")}
	})
	return f
}
