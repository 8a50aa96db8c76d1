package providers

import (
	"errors"
	"testing"
)

func TestPath(t *testing.T) {
	card := Path{Block: "card", Index: 2}
	for want, p := range map[string]Path{
		"": {}, "title": {Field: "title"}, "card[2]": card, "card[2].title": card.At("title"), "card[2].link[1]": card.At("title").LinkAt(1),
		"card[2].link[0].value": card.LinkAt(0).At("value"),
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v is %q, want %q", p, got, want)
		}
	}
}

func TestName(t *testing.T) {
	field := Path{Block: "field", Index: 3}
	for want, got := range map[string]string{
		"label": field.At("label").Name(-1), "options": field.At("options").Name(-1), "option 1 of options": field.At("options").Name(0),
		"reply 2 of replies": Path{Field: "replies"}.Name(1), "element 3 of rows": Path{Field: "rows"}.Name(2),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A good content costs no text for its paths.
func TestShapeIsCheap(t *testing.T) {
	c := Content{Kind: KindForm, Form: Form{Fields: []Field{{Name: "a", Type: FieldChoice, Label: "A", Options: []string{"b", "c"}}, {Name: "d", Type: FieldText, Label: "D"}}}}
	if n := testing.AllocsPerRun(100, func() { c.Shape() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestNoNumber(t *testing.T) {
	for _, wrong := range []any{nil, int64(0), int64(-3), "7", 1.5} {
		err := Account{Settings: Values{"id": wrong}}.NoNumber("id", "in the address")
		var setting *SettingError
		if !errors.As(err, &setting) || setting.Name != "id" {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if err := (Account{Settings: Values{"id": int64(1)}}).NoNumber("id", ""); err != nil {
		t.Error(err)
	}
}
