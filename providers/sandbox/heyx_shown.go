package sandbox

import "encoding/json"

// heyxShown reads a body that passed heyxContent, which let nothing in that has no place here.
func heyxShown(m Message) Shown {
	var r reading
	payload, _ := fields(m.Body)
	messages, _ := list(payload["body"])
	if len(messages) != 1 {
		return Shown{Own: m.Body} // no such message is accepted
	}
	message := messages[0]
	o := r.object(message, "type", "text", "url", "title", "replies")
	switch m.Kind {
	case "text":
		return r.or(Shown{Words: m.Text}, message)
	case "quick_reply":
		return r.or(Shown{Words: m.Text, Answers: each(r.all(o, "replies"), r.heyxAnswer)}, message)
	case "image", "video", "audio", "file":
		return r.or(Shown{File: &File{m.Kind, m.Text}}, message)
	}
	return Shown{Own: message}
}

// heyxAnswer reads one that is only text.
func (r *reading) heyxAnswer(raw json.RawMessage) Answer {
	s, ok := text(raw)
	r.lost = r.lost || !ok
	return Answer{s, s}
}
