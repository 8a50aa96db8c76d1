package planner

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"herald/providers"
)

// Contents in which every field is given, each with a value of its own.
func fullList() providers.Content {
	return providers.Content{Kind: providers.KindList, List: providers.List{Style: "large", Items: []providers.Item{
		{Title: "A", Subtitle: "B", ImageURL: "C", Links: []providers.Link{{Type: "url", Title: "D", Value: "E"}, {Type: "reply", Title: "F", Value: "G"}}},
		{Title: "H", Subtitle: "I", ImageURL: "J", Links: []providers.Link{{Type: "url", Title: "K", Value: "L"}}},
	}}}
}

func fullCards() providers.Content {
	return providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Title: "T", Cards: []providers.Card{
		{Title: "A", Description: "B", ImageURL: "C", Links: []providers.Link{{Type: "url", Title: "D", Value: "E"}, {Type: "reply", Title: "F", Value: "G"}}},
		{Title: "H", Description: "I", ImageURL: "J", Links: []providers.Link{{Type: "url", Title: "K", Value: "L"}}},
	}}}
}

func fullForm() providers.Content {
	return providers.Content{Kind: providers.KindForm, Form: providers.Form{Title: "T", Fields: []providers.Field{
		{Name: "A", Type: "choice", Label: "B", Required: true, Options: []string{"C", "D"}},
		{Name: "E", Type: "text", Label: "F", Options: []string{"G"}},
	}}}
}

func fullArticles() providers.Content {
	return providers.Content{Kind: providers.KindArticles, Articles: providers.Articles{Title: "T", Articles: []providers.Article{
		{Title: "A", Description: "B", URL: "C"}, {Title: "D", Description: "E", URL: "F"},
	}}}
}

// Whatever is changed in a content, its hash is another: every text, every bool, every number of elements, and two texts
// put in each other's place.
func TestEveryPartOfAContentCounts(t *testing.T) {
	for _, full := range []func() providers.Content{fullList, fullCards, fullForm, fullArticles,
		func() providers.Content { return providers.Content{Kind: providers.KindText, Text: "A"} },
		func() providers.Content {
			return providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "A", URL: "B"}}
		},
		func() providers.Content {
			return providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "A", Replies: []string{"B", "C"}}}
		},
	} {
		whole := full()
		seen := map[string]string{ContentHash(whole).String(): "nothing changed"}
		changed := func(what string, c providers.Content) {
			h := ContentHash(c).String()
			if other, twice := seen[h]; twice {
				t.Errorf("%s: %s hashes as %s", c.Kind, what, other)
			}
			seen[h] = what
		}
		for i, p := range partsOf(&whole) {
			switch p.value.Kind() {
			case reflect.String:
				c := full()
				partsOf(&c)[i].value.SetString(p.value.String() + "x")
				changed("another "+p.name, c)
			case reflect.Bool:
				c := full()
				partsOf(&c)[i].value.SetBool(!p.value.Bool())
				changed("another "+p.name, c)
			case reflect.Slice:
				c := full()
				partsOf(&c)[i].value.SetLen(p.value.Len() - 1)
				changed("one less of "+p.name, c)
				c = full()
				more := partsOf(&c)[i].value
				more.Set(reflect.Append(more, reflect.Zero(more.Type().Elem())))
				changed("one more of "+p.name, c)
			}
			for j, q := range partsOf(&whole)[:i] {
				if p.value.Kind() == reflect.String && q.value.Kind() == reflect.String && p.value.String() != q.value.String() {
					c := full()
					partsOf(&c)[i].value.SetString(q.value.String())
					partsOf(&c)[j].value.SetString(p.value.String())
					changed(q.name+" in the place of "+p.name, c)
				}
			}
		}
		if n := len(seen); n < 2 {
			t.Errorf("%s: nothing to change", whole.Kind)
		}
	}
}

// contentPart is a text, bool or list in a content.
type contentPart struct {
	name  string
	value reflect.Value
}

// partsOf gives all that a content says, by its memory. The kind itself is none of it, nor is what it does not use.
func partsOf(c *providers.Content) []contentPart {
	var all []contentPart
	var walk func(name string, v reflect.Value)
	walk = func(name string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(name+"."+v.Type().Field(i).Name, v.Field(i))
			}
			return
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", name, i), v.Index(i))
			}
		}
		all = append(all, contentPart{name, v})
	}
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Name != "Kind" && !v.Field(i).IsZero() {
			walk(f.Name, v.Field(i))
		}
	}
	return all
}

// dealer deals texts to contents: those that it has, in their order, then new ones.
type dealer struct {
	t     *rapid.T
	texts []string
	dealt int
}

func (d *dealer) text() string {
	if d.dealt == len(d.texts) {
		d.texts = append(d.texts, rapid.StringOfN(rapid.RuneFrom([]rune("ab\x00\x01")), 0, 3, -1).Draw(d.t, "text"))
	}
	d.dealt++
	return d.texts[d.dealt-1]
}

// some deals up to two of what one gives.
func some[T any](d *dealer, one func() T) []T {
	var all []T
	for range rapid.IntRange(0, 2).Draw(d.t, "count") {
		all = append(all, one())
	}
	return all
}

func (d *dealer) links() []providers.Link {
	return some(d, func() providers.Link { return providers.Link{Type: d.text(), Title: d.text(), Value: d.text()} })
}

func (d *dealer) content(k providers.Kind) providers.Content {
	c := providers.Content{Kind: k}
	switch k {
	case providers.KindText:
		c.Text = d.text()
	case providers.KindAttachment:
		c.Attachment = providers.Attachment{Type: d.text(), URL: d.text()}
	case providers.KindQuickReplies:
		c.QuickReplies = providers.QuickReplies{Title: d.text(), Replies: some(d, d.text)}
	case providers.KindList:
		c.List = providers.List{Style: d.text(), Items: some(d, func() providers.Item {
			return providers.Item{Title: d.text(), Subtitle: d.text(), ImageURL: d.text(), Links: d.links()}
		})}
	case providers.KindCards:
		c.Cards = providers.Cards{Title: d.text(), Cards: some(d, func() providers.Card {
			return providers.Card{Title: d.text(), Description: d.text(), ImageURL: d.text(), Links: d.links()}
		})}
	case providers.KindForm:
		c.Form = providers.Form{Title: d.text(), Fields: some(d, func() providers.Field {
			return providers.Field{Name: d.text(), Type: d.text(), Label: d.text(), Required: rapid.Bool().Draw(d.t, "required"), Options: some(d, d.text)}
		})}
	case providers.KindArticles:
		c.Articles = providers.Articles{Title: d.text(), Articles: some(d, func() providers.Article {
			return providers.Article{Title: d.text(), Description: d.text(), URL: d.text()}
		})}
	}
	return c
}

// Two contents have one hash exactly when they are equal, also where the same texts in the same order stand in other
// places.
func TestHashesDiffer(t *testing.T) {
	kinds := slices.DeleteFunc(providers.Kinds(), func(k providers.Kind) bool { return k == providers.KindNative })
	rapid.Check(t, func(t *rapid.T) {
		first := &dealer{t: t}
		a := first.content(rapid.SampledFrom(kinds).Draw(t, "kind"))
		second, kind := &dealer{t: t}, a.Kind
		if rapid.Bool().Draw(t, "the same texts") {
			second.texts = slices.Clone(first.texts)
		}
		if rapid.IntRange(0, 3).Draw(t, "another kind") == 0 {
			kind = rapid.SampledFrom(kinds).Draw(t, "kind")
		}
		b := second.content(kind)
		if same := reflect.DeepEqual(a, b); (ContentHash(a) == ContentHash(b)) != same {
			t.Fatalf("%+v and %+v: equal %v, the same hash %v", a, b, same, !same)
		}
	})
}
