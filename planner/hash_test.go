package planner

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"herald/providers"
)

// The ledgers of the world hold these hashes. One that changes here would make everything sent look changed: raise
// HashVersion instead, and add the new values.
func TestHashesStay(t *testing.T) {
	for _, tt := range []struct {
		name string
		got  string
		want string
	}{
		{"text", ContentHash(providers.Content{Kind: providers.KindText, Text: "Hi Ada"}).String(), "1:7d2f9fa05effb15cd211b7b26c2eaf2e"},
		{"attachment", ContentHash(providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "image", URL: "https://example.com/a.png"}}).String(), "1:3d0ba428088ec3c001112e46a7cfc6ef"},
		{"quick replies", ContentHash(providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "Renew?", Replies: []string{"Yes", "No"}}}).String(), "1:2b705d985713758006c20170b4deb8dd"},
		{"native", ContentHash(providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{"a":[1,true,null]}`)}).String(), "1:bdf4973589e76b9ef5420799e165d76f"},
		{"destination", DestinationHash("heyx", "heyx base_url=https://example.com", providers.Values{"contact_id": "c1"}).String(), "1:7f82124ae1d36c19242352178512337c"},
		{"destination of every type", DestinationHash("x", "x", providers.Values{"a": int64(7), "b": true, "c": false, "d": 1.5, "e": ""}).String(), "1:34e90762f774fa9e01b6d9431ed5c6e1"},
		{"unique", UniqueHash("+4911").String(), "1:9eadc96f26699663bbc0d98390545188"},
		{"definition", DefinitionHash("message \"m\" {\n}\n").String(), "1:099127c69161db8faeb0ede98b20820f"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

// Different contents have different hashes, also where their parts joined would be the same.
func TestHashesDiffer(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab\x00\x01")), 0, 3, -1)
	content := rapid.Custom(func(t *rapid.T) providers.Content {
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			return providers.Content{Kind: providers.KindText, Text: text.Draw(t, "text")}
		case 1:
			return providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: text.Draw(t, "type"), URL: text.Draw(t, "url")}}
		}
		return providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: text.Draw(t, "title"), Replies: rapid.SliceOfN(text, 0, 3).Draw(t, "replies")}}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := content.Draw(t, "a"), content.Draw(t, "b")
		same := a.Kind == b.Kind && reads(&a) == reads(&b) && a.Attachment == b.Attachment && len(a.QuickReplies.Replies) == len(b.QuickReplies.Replies)
		for i := 0; same && i < len(a.QuickReplies.Replies); i++ {
			same = a.QuickReplies.Replies[i] == b.QuickReplies.Replies[i]
		}
		same = same && a.QuickReplies.Title == b.QuickReplies.Title
		if (ContentHash(a) == ContentHash(b)) != same {
			t.Fatalf("%+v and %+v: same hash %v", a, b, !same)
		}
	})
}

// The same JSON value is the same content, however it is written.
func TestNativeHashesByMeaning(t *testing.T) {
	of := func(raw string) string {
		return ContentHash(providers.Content{Kind: providers.KindNative, Native: json.RawMessage(raw)}).String()
	}
	if a, b := of(`{"a":"<\u00fc","b":[1,{}]}`), of(`{ "b": [1, {}], "a": "\u003cü" }`); a != b {
		t.Errorf("%s, %s", a, b)
	}
	seen := map[string]string{}
	for _, raw := range []string{`1`, `"1"`, `[1]`, `[[1]]`, `{"1":1}`, `true`, `false`, `null`, `[]`, `{}`, `""`, `[1,2]`, `[12]`, `[[1],2]`, `{"a":{"b":1}}`, `{"a":1,"b":1}`} {
		if other, twice := seen[of(raw)]; twice {
			t.Errorf("%s and %s have one hash", raw, other)
		}
		seen[of(raw)] = raw
	}
}
