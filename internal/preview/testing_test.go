package preview_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"herald/internal/preview"
	"herald/internal/report"
	"herald/providers"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func page(t testing.TB, r report.Review) string {
	t.Helper()
	var b bytes.Buffer
	if err := preview.Page(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// contents is one message of every kind, with s in all texts.
func contents(s string) []providers.Content {
	native, _ := json.Marshal(map[string]any{"template": s, "parameters": []string{s, "two"}})
	links := []providers.Link{{Type: providers.LinkURL, Title: s, Value: s}, {Type: providers.LinkReply, Title: s, Value: s}}
	return []providers.Content{
		{Kind: providers.KindText, Text: s},
		{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: s, URL: s}},
		{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: s, Replies: []string{s, "Later"}}},
		{Kind: providers.KindList, List: providers.List{Style: "large", Items: []providers.Item{{Title: s, Subtitle: s, ImageURL: s, Links: links}}}},
		{Kind: providers.KindCards, Cards: providers.Cards{Title: s, Cards: []providers.Card{
			{Title: s, Description: s, ImageURL: s, Links: links}, {Title: s}}}},
		{Kind: providers.KindForm, Form: providers.Form{Title: s, Fields: []providers.Field{
			{Name: s, Type: providers.FieldText, Label: s, Required: true}, {Name: "more", Type: providers.FieldLongText, Label: s},
			{Name: "size", Type: providers.FieldChoice, Label: s, Options: []string{s, "large"}}}}},
		{Kind: providers.KindArticles, Articles: providers.Articles{Title: s, Articles: []providers.Article{{Title: s, Description: s, URL: s}}}},
		{Kind: providers.KindNative, Native: native},
		{Kind: providers.KindNative, Native: json.RawMessage(s)},
		{Kind: providers.Kind(s)},
	}
}

// filled is a review with s in every text there is.
func filled(s string) report.Review {
	due := noon.Add(50 * time.Hour)
	r := report.Review{
		Campaign: s, Digest: s, Command: s, Created: noon, NotAfter: noon.Add(time.Hour), Sandbox: true, Contacts: true,
		Warnings: []report.Reason{{Summary: s, Detail: s}},
		Texts:    []report.TextChange{{Message: s, Was: s + " old", Now: s + " new"}, {Message: s, Now: s}},
		Timeline: []report.Burst{{Account: s, From: noon, To: noon.Add(time.Second), Sends: 3}},
		Plan: report.Plan{
			Groups: []report.Group{{Sign: s, Action: s, Message: s, Count: 1, Account: s, Provider: s, Reason: s,
				Samples: []report.Sample{{Address: s, Text: s, Reason: s}}}},
			Lanes:     []report.Lane{{Account: s, Provider: s, Limit: s}},
			LeftOut:   []report.LeftOut{{Reason: s, Count: 1, Samples: []string{s}}},
			Reach:     []report.Reach{{Sequence: s}},
			Edits:     []report.Edit{{Message: s, Kind: s, Effect: s}},
			Moves:     []report.Move{{From: s, To: s, Sends: 1}},
			Forbidden: []report.Reason{{Summary: s, Detail: s}},
			Lineage:   s, Digest: s,
		},
	}
	for i, c := range contents(s) {
		verb := providers.Sends
		if i%2 == 1 {
			verb = providers.Asks
		}
		r.Drawn = append(r.Drawn, report.Drawn{Address: s, Message: s, Account: s, Provider: s, Verb: verb, Why: s, Content: c, Due: &due})
		r.Drawn = append(r.Drawn, report.Drawn{Address: s, Message: s, Account: s, Provider: s, Verb: verb, Why: s, Content: c, Waits: s})
	}
	return r
}

// renewal is a review as a campaign gives it.
func renewal() report.Review {
	due, next := noon.Add(46*time.Hour), noon.Add(46*time.Hour)
	drawn := func(key, message, provider, why string, c providers.Content) report.Drawn {
		verb := providers.Sends
		if provider == "maax" {
			verb = providers.Asks
		}
		return report.Drawn{Address: message + `["` + key + `"]`, Message: message, Account: provider, Provider: provider, Verb: verb, Why: why, Content: c}
	}
	text := func(s string) providers.Content { return providers.Content{Kind: providers.KindText, Text: s} }
	r := report.Review{
		Campaign: "spring-renewal", Digest: "sha256:5d0e4f8f0b6a7c0d8f61f0e6f29b2d3a1b8be5d3c3f5f1f6b61f6b8f2f0a9c11",
		Command: "herald apply renewal.plan", Created: noon, NotAfter: noon.Add(72 * time.Hour),
		Warnings: []report.Reason{{Summary: "12 people have no first name", Detail: "Their greeting reads “Hi there”. The column is first_name, in customers.csv."}},
		Texts: []report.TextChange{
			{Message: "renewal.offer", Was: "text = \"Hi ${contact.first_name}, your plan renews on ${contact.renews_on}.\n\nReply YES to keep it.\"",
				Now: "text = \"Hi ${contact.first_name}, your ${contact.plan} plan renews on ${contact.renews_on}.\n\nReply YES to keep it, or LATER for a reminder.\""},
			{Message: "renewal.thanks", Now: "text = \"Thank you, ${contact.first_name}!\""},
		},
		Plan: report.Plan{
			Counts: report.Counts{Send: 1204, Ask: 41, Waiting: 310, Refused: 3, Unchanged: 642},
			Groups: []report.Group{
				{Sign: "+", Action: "send", Message: "renewal.offer", Count: 1163, Account: "heyx", Provider: "heyx", Verb: providers.Sends},
				{Sign: "+", Action: "send", Message: "survey.question", Count: 41, Account: "maax", Provider: "maax", Verb: providers.Asks},
				{Sign: ">", Action: "waits", Message: "renewal.reminder", Count: 310, Account: "heyx", Provider: "heyx", Reason: "after 2d", Due: &due},
				{Sign: "!", Action: "refused", Message: "renewal.offer", Count: 3, Account: "heyx", Provider: "heyx", Reason: "the number is not on this channel",
					Samples: []report.Sample{{Address: `renewal.offer["c0000007"]`}}},
			},
			Edits:   []report.Edit{{Message: "renewal.offer", Kind: "changed", Before: 86, At: 204, After: 914, Effect: "The 86 get the new text; nobody is written to again."}},
			Moves:   []report.Move{{From: "renewal.hello", To: "renewal.offer", Sends: 642}},
			LeftOut: []report.LeftOut{{Reason: "on an exclude list", Count: 58}},
			Reach:   []report.Reach{{Sequence: "renewal", People: 1204, Joined: 86, Left: 12, Dropped: 96}, {Sequence: "survey", People: 310, Joined: 310}},
			Next:    &next,
		},
		Drawn: []report.Drawn{
			drawn("c1", "renewal.offer", "heyx", "the first", text("Hi Ada, your gold plan renews on 1 April.\n\nReply YES to keep it, or LATER for a reminder.")),
			drawn("c2", "renewal.offer", "heyx", "the one without first_name", text("Hi there, your silver plan renews on 14 April.\n\nReply YES to keep it, or LATER for a reminder.")),
			drawn("c3", "renewal.offer", "heyx", "the one in he-IL", text("שלום נועה, המנוי שלך מתחדש ב־1 באפריל.\n\nהשיבי כן כדי להמשיך.")),
			drawn("c1", "renewal.reminder", "heyx", "the first", providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{
				Title: "Shall we renew your plan?", Replies: []string{"Yes, please", "Later", "Talk to someone"}}}),
			drawn("c4", "renewal.plans", "avaamo", "the first", providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Title: "Three plans, from April on", Cards: []providers.Card{
				{Title: "Gold", Description: "Everything, on every device.", ImageURL: "https://cdn.example.com/plans/gold.png", Links: []providers.Link{{Type: "reply", Title: "Choose gold", Value: "gold"}}},
				{Title: "Silver", Description: "Most of it, on two.", ImageURL: "https://cdn.example.com/plans/silver.png", Links: []providers.Link{{Type: "url", Title: "Read more", Value: "https://example.com/silver"}}},
				{Title: "Bronze", Description: "What one needs.", Links: []providers.Link{{Type: "reply", Title: "Choose bronze", Value: "bronze"}}}}}}),
			drawn("c5", "renewal.address", "digital99", "the first", providers.Content{Kind: providers.KindForm, Form: providers.Form{Title: "Is this still you?", Fields: []providers.Field{
				{Name: "email", Type: providers.FieldEmail, Label: "Email", Required: true}, {Name: "contact_by", Type: providers.FieldChoice, Label: "How may we write?", Options: []string{"Viber", "Email"}}}}}),
			drawn("c5", "renewal.help", "digital99", "the first", providers.Content{Kind: providers.KindArticles, Articles: providers.Articles{Articles: []providers.Article{
				{Title: "How renewals work", Description: "When we charge, and how to stop it.", URL: "https://help.example.com/renewals"}, {Title: "Change your plan", URL: "https://help.example.com/plans"}}}}),
			drawn("c4", "renewal.contract", "avaamo", "the first", providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "file", URL: "https://cdn.example.com/contract-2026.pdf"}}),
			drawn("c4", "renewal.steps", "avaamo", "the first", providers.Content{Kind: providers.KindList, List: providers.List{Style: "large", Items: []providers.Item{
				{Title: "Your renewal in three steps", Subtitle: "It takes a minute"}, {Title: "Choose a plan", Links: []providers.Link{{Type: "url", Title: "Plans", Value: "https://example.com/plans"}}}, {Title: "Confirm"}}}}),
			drawn("c6", "renewal.template", "heyx", "the first", providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{"template":"renewal_v2","language":"en","parameters":["Ada",3]}`)}),
			drawn("c7", "survey.question", "maax", "the first", text("Which plan does Ada have, and when does it renew?")),
		},
	}
	r.Drawn[3].Due = &due
	for i := range 3 {
		from := noon.Add(time.Duration(i) * 90 * time.Minute)
		r.Timeline = append(r.Timeline, report.Burst{Account: "heyx", From: from, To: from.Add(40 * time.Minute), Sends: 388})
	}
	r.Timeline = append(r.Timeline, report.Burst{Account: "heyx", From: noon.Add(5 * time.Hour), To: noon.Add(6 * time.Hour), Sends: 310, Waiting: true},
		report.Burst{Account: "maax", From: noon, To: noon.Add(21 * time.Minute), Sends: 41})
	return r
}

// crowd is a review of a plan for 100,000 people, larger than those that make reviews let it grow.
func crowd() report.Review {
	r := renewal()
	r.Plan.Counts.Send = 100_000
	for i := range 5000 {
		c := contents(fmt.Sprintf("Hello person %d, %s", i, strings.Repeat("a plan renews soon. ", 12)))[i%8]
		r.Drawn = append(r.Drawn, report.Drawn{Address: fmt.Sprintf(`renewal.m%d["k%d"]`, i%40, i), Message: fmt.Sprintf("renewal.m%d", i%40),
			Account: "heyx", Provider: "heyx", Why: "the longest", Content: c})
	}
	for i := range 100_000 {
		from := noon.Add(time.Duration(i) * 7 * time.Second)
		r.Timeline = append(r.Timeline, report.Burst{Account: fmt.Sprintf("account%d", i%5), From: from, To: from.Add(time.Second), Sends: 1})
	}
	for i := range 3000 {
		r.Plan.Groups = append(r.Plan.Groups, report.Group{Action: "send", Message: fmt.Sprintf("renewal.m%d", i), Count: 30, Account: "heyx"})
	}
	return r
}
