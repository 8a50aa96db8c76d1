package providers

import "time"

// Class is what an answer means for delivery. The provider classifies, the executor decides.
type Class int

// The closed set of classes. Only Accepted and Unknown may have reached a person.
const (
	Accepted     Class = iota + 1 // the provider acknowledged the message
	Refused                       // the provider said no to this person or this content
	AccountError                  // not accepted, and nothing on this account will be: token, method, redirect
	Throttled                     // not accepted: too fast
	NotSent                       // no byte of the request left
	Unknown                       // nobody can tell whether it was accepted
)

var classNames = [...]string{"", "accepted", "refused", "account error", "throttled", "not sent", "unknown"}

// String gives the class in the words of the documentation.
func (c Class) String() string {
	if c < Accepted || c > Unknown {
		return "no class"
	}
	return classNames[c]
}

// Outcome is what one attempt came to.
type Outcome struct {
	Class  Class
	HTTP   int           // status code, 0 when no answer came
	ID     string        // the provider's id of the message, "" where it gives none
	Status string        // the provider's own word for the message's state, "" where it gives none
	At     time.Time     // the provider's time of acceptance, zero where it gives none
	Reason string        // why not, for every class but Accepted; one bounded line without secrets, not yet escaped
	After  time.Duration // Throttled: how long to wait; 0 leaves it to the caller's back-off
	Marked bool          // the answer carried our key back
	Note   string        // what a person should know of an accepted send; bounded like Reason
}
