package report

import (
	"cmp"
	"strings"

	"herald/planner"
	"herald/providers"
)

// fate is how an action that is drawn is told.
type fate struct {
	sign, color string // in a terminal
	word, tone  string // on a page: the tone is go, wait, bad or calm
	why         string // where the plan gives no reason of its own
}

// fates has every action that is drawn; the others are only counted.
var fates = map[planner.Action]fate{
	planner.Send:    {sign: "+", color: green, word: "sends", tone: "go"}, // or asks: see Fate
	planner.Resend:  {sign: "~", color: yellow, word: "sends again", tone: "go"},
	planner.Waits:   {sign: ">", color: cyan, word: "waits", tone: "wait"},
	planner.Skip:    {sign: "-", color: dim, word: "is skipped", tone: "calm", why: "its condition is false"},
	planner.Failed:  {sign: "!", color: red, word: "failed", tone: "bad", why: "was sent, and could not be delivered"},
	planner.Kept:    {sign: "=", color: dim, word: "kept", tone: "calm", why: "was sent with another text, and stays so"},
	planner.Refused: {sign: "!", color: red, word: "refused", tone: "bad", why: "was refused by the provider"},
	planner.Blocked: {sign: ">", color: cyan, word: "is blocked", tone: "wait"},
	planner.InDoubt: {sign: "?", color: yellow, word: "in doubt", tone: "bad", why: "may or may not have been sent"},
	planner.Assume:  {sign: "?", color: yellow, word: "taken as sent", tone: "calm"},
}

// Fate says in a word or two what becomes of a group, and the tone of that on a page: go, wait, bad or calm.
func (g Group) Fate() (word, tone string) {
	f, known := fates[planner.Action(g.Action)]
	switch {
	case !known:
		return strings.ReplaceAll(g.Action, "_", " "), "calm"
	case g.Action == string(planner.Send) && g.Verb == providers.Asks:
		return string(g.Verb), f.tone
	}
	return f.word, f.tone
}

// why is the group's reason, and where it has none what can be said all the same.
func (g Group) why() string {
	word, _ := g.Fate()
	return cmp.Or(g.Reason, fates[planner.Action(g.Action)].why, word)
}
