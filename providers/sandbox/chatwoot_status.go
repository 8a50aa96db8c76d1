package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

func (k *chatwoot) delivers(named string) (int, error) {
	return k.settle(named, func(m *chatwootMessage) { m.Status = "delivered" })
}

func (k *chatwoot) fails(named, reason string) (int, error) {
	return k.settle(named, func(m *chatwootMessage) {
		m.Status = "failed"
		if reason != "" {
			m.ContentAttributes = withAttribute(m.ContentAttributes, "external_error", reason)
		}
	})
}

// settle changes what was sent to the person and has gone no further, oldest first.
func (k *chatwoot) settle(named string, f func(*chatwootMessage)) (int, error) {
	at, err := k.conversation(named)
	if err != nil {
		return 0, err
	}
	key := conversationKey{at.account, at.id}
	n := 0
	for _, m := range k.store.toPerson(key, func(m chatwootMessage) bool { return m.Status == "sent" }) {
		k.store.change(key, m.ID, func(m *chatwootMessage) {
			if m.Status == "sent" { // nobody was quicker
				f(m)
				n++
			}
		})
	}
	return n, nil
}

// toPerson gives copies of the messages that were sent to the person and are so, oldest first.
func (s *chatwootStore) toPerson(key conversationKey, so func(chatwootMessage) bool) (all []chatwootMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[key]
	if c == nil {
		return nil
	}
	for _, m := range c.messages {
		outgoing := m.MessageType == messageTypeNumber("outgoing") || m.MessageType == messageTypeNumber("template")
		if outgoing && !m.Private && so(m) {
			all = append(all, m)
		}
	}
	return all
}

// withAttribute sets one member of content_attributes.
func withAttribute(attributes json.RawMessage, name string, value any) json.RawMessage {
	all, ok := fields(attributes)
	if !ok {
		all = map[string]json.RawMessage{}
	}
	all[name] = encode(value)
	return encode(all)
}

// personChooses stores an answer with its question, as the website's widget does (widget/messages_controller.rb): only the
// question's own message changes, and no message is added.
func (k *chatwoot) personChooses(named string, values []string) error {
	at, err := k.conversation(named)
	if err != nil {
		return err
	}
	key := conversationKey{at.account, at.id}
	asked := k.store.toPerson(key, func(m chatwootMessage) bool {
		answered, _ := fields(m.ContentAttributes)
		return slices.Contains([]string{"input_select", "form", "input_email"}, m.ContentType) && answered["submitted_values"] == nil && answered["submitted_email"] == nil
	})
	if len(asked) == 0 {
		return fmt.Errorf("sandbox: there is no question without an answer in %q of %s", named, k.vendor.Name)
	}
	question := asked[len(asked)-1]
	name, answer, err := chatwootAnswer(question, values)
	if err != nil {
		return fmt.Errorf("sandbox: message %d of %s: %w", question.ID, k.vendor.Name, err)
	}
	k.store.change(key, question.ID, func(m *chatwootMessage) { m.ContentAttributes = withAttribute(m.ContentAttributes, name, answer) })
	return nil
}

// chatwootItem is what an answer needs of an item of input_select or form.
type chatwootItem struct {
	Title, Value string // input_select
	Name, Type   string // form
	Required     bool
	Options      []struct{ Label, Value string }
}

// submitted is one of submitted_values.
type submitted struct {
	Name  string `json:"name,omitempty"`
	Title string `json:"title,omitempty"`
	Value string `json:"value"`
}

// chatwootAnswer makes the member of content_attributes that answers a question.
func chatwootAnswer(question chatwootMessage, values []string) (name string, answer any, err error) {
	var attributes struct{ Items []chatwootItem }
	if err := json.Unmarshal(question.ContentAttributes, &attributes); err != nil {
		return "", nil, err
	}
	items := attributes.Items
	most := len(items)
	if question.ContentType != "form" {
		most = 1
	}
	if len(values) != most {
		return "", nil, fmt.Errorf("%d values for a question of type %s: it takes %d", len(values), question.ContentType, most)
	}
	switch question.ContentType {
	case "input_email":
		if !strings.Contains(values[0], "@") {
			return "", nil, fmt.Errorf("%q is no e-mail address", values[0])
		}
		return "submitted_email", strings.ToLower(values[0]), nil
	case "input_select":
		for _, item := range items {
			if item.Value == values[0] {
				return "submitted_values", []submitted{{Title: item.Title, Value: item.Value}}, nil
			}
		}
		return "", nil, fmt.Errorf("%q is none of the answers to choose from", values[0])
	}
	all := []submitted{}
	for i, item := range items {
		switch value := values[i]; {
		case value == "" && item.Required:
			return "", nil, fmt.Errorf("field %q is required", item.Name)
		case value == "":
		case item.Type == "email" && !strings.Contains(value, "@"):
			return "", nil, fmt.Errorf("field %q: %q is no e-mail address", item.Name, value)
		case item.Type == "select" && !slices.ContainsFunc(item.Options, func(o struct{ Label, Value string }) bool { return o.Value == value }):
			return "", nil, fmt.Errorf("field %q: %q is none of its options", item.Name, value)
		default:
			all = append(all, submitted{Name: item.Name, Value: value})
		}
	}
	return "submitted_values", all, nil
}
