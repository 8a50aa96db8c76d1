package report

import (
	"time"

	"herald/providers"
)

// Review is a plan as those read it who approve it. It is made once, and drawn as Markdown for a pull request and as a page
// of HTML. All texts in it are hostile: they come from files of people.
type Review struct {
	Campaign string       `json:"campaign"`         // the name of its directory
	Digest   string       `json:"digest,omitempty"` // of the sealed plan; "" for one that is not
	Command  string       `json:"command"`          // that applies exactly this
	Created  time.Time    `json:"created"`
	NotAfter time.Time    `json:"not_after,omitzero"`
	Sandbox  bool         `json:"sandbox"`  // it can be applied in the sandbox only
	Contacts bool         `json:"contacts"` // people's keys and addresses may be shown
	Plan     Plan         `json:"plan"`
	Warnings []Reason     `json:"warnings,omitempty"` // beside those of the plan
	Texts    []TextChange `json:"texts,omitempty"`
	Drawn    []Drawn      `json:"drawn,omitempty"`
	Timeline []Burst      `json:"timeline,omitempty"`
}

// TextChange is what a message says beside what it said when it was last sent.
type TextChange struct {
	Message string `json:"message"`
	Was     string `json:"was,omitempty"` // the definition; "" for a message that was never sent
	Now     string `json:"now"`
}

// Drawn is one rendered message, chosen because it differs from the others.
type Drawn struct {
	Address  string            `json:"address"` // of the send; not shown unless Review.Contacts
	Message  string            `json:"message"` // renewal.offer
	Account  string            `json:"account"`
	Provider string            `json:"provider"` // type
	Verb     providers.Verb    `json:"verb"`
	Why      string            `json:"why"` // what sets it apart: the longest, without first_name, in he-IL; "" for one of the first
	Text     string            `json:"text"`
	Content  providers.Content `json:"content"`
	Waits    string            `json:"waits,omitempty"` // what for; "" for one that is sent at once
	Due      *time.Time        `json:"due,omitempty"`   // of one that waits, if that is known
}

// Burst is what one account sends without a pause, by the limits.
type Burst struct {
	Account string    `json:"account"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Sends   int       `json:"sends"`
	Waiting bool      `json:"waiting,omitempty"` // of messages that are due only then
}
