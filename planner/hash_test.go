package planner

import (
	"encoding/json"
	"testing"

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
		{"list", ContentHash(fullList()).String(), "1:e7576306c7a6256dea301ee75fbc1966"},
		{"list of one", ContentHash(providers.Content{Kind: providers.KindList, List: providers.List{Items: []providers.Item{{Title: "A"}}}}).String(), "1:fd87e8a2a03d8caf0644bde84760e98c"},
		{"cards", ContentHash(fullCards()).String(), "1:9c4e235095acd9a4f9a9befb22b9a847"},
		{"form", ContentHash(fullForm()).String(), "1:87fe795070e7503dcd1011212ef1a1dd"},
		{"articles", ContentHash(fullArticles()).String(), "1:4d455e844e93a99ce04cdaa749d75b38"},
		{"destination", DestinationHash("heyx", "heyx base_url=https://example.com", providers.Values{"contact_id": "c1"}).String(), "1:7f82124ae1d36c19242352178512337c"},
		{"destination of every type", DestinationHash("x", "x", providers.Values{"a": int64(7), "b": true, "c": false, "d": 1.5, "e": ""}).String(), "1:34e90762f774fa9e01b6d9431ed5c6e1"},
		{"destination with a block", DestinationHash("maax", "maax", providers.Values{"conversation_id": int64(7), "prospect_info.email": "a@b.de", "prospect_info.first_name": "Ada"}).String(), "1:8c0a68aecc30ece54067a7758037fa00"},
		{"unique", UniqueHash("+4911").String(), "1:9eadc96f26699663bbc0d98390545188"},
		{"condition", ConditionHash("!messages.offer.replied").String(), "1:82d4858dfa498a97dba76651569d0224"},
		{"definition", DefinitionHash("message \"m\" {\n}\n").String(), "1:099127c69161db8faeb0ede98b20820f"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

// A message without a condition has none to compare, so that nothing looks skipped by it.
func TestNoCondition(t *testing.T) {
	if !ConditionHash("").IsZero() || ConditionHash("true").IsZero() || ConditionHash("x") == DefinitionHash("x") {
		t.Error("conditions are not told apart")
	}
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
