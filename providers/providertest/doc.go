// Package providertest is the suite that every provider passes, and so the definition of what a provider is.
//
// To write a provider, make a folder beside the others, with the same files:
//
//	doc.go     what the vendor is, with the HCL that uses it
//	facts.go   everything that is known of it, as data: settings, address, options, kinds of content, limits, and each
//	           documented answer with its class and its source
//	render.go  Render: a message to a request; pure, no secret; a Problem for each thing the vendor would refuse
//	native.go  the checks of content that is written as the vendor's own object
//	send.go    Type, which opens accounts with wire.Open, and Send, which hands wire a function from answer to outcome
//	answer.go  that function
//
// What must be decided with care is answer.go. Only a success body that the vendor documents is Accepted. Refused,
// AccountError and Throttled promise that the message did not reach anybody: what carries such an answer may be sent
// again. Whatever is not certain is Unknown; it costs a person a look, and a wrong promise costs a message sent twice.
// Where the vendor says nothing, wire.Answer.ByStatus decides.
//
// The test is a table of what the vendor's pages say, in one short file:
//
//	func TestConformance(t *testing.T) {
//		providertest.Run(t, providertest.Subject{
//			Type: example.Type(),
//			Golden: []providertest.Golden{{
//				Name:    "text",
//				Message: providers.Message{Address: ..., Content: ...},
//				Path:    "/v1/messages/17",
//				Body:    `{"text":"Hi there"}`,
//			}},
//			Wrap: func(status int, text string) string {
//				body, _ := json.Marshal(map[string]string{"error": text})
//				return string(body)
//			},
//		})
//	}
//
// The suite talks to servers of its own on loopback addresses and to nothing else. It checks what holds for every
// vendor: that facts are complete; that rendering is pure and each documented request comes out as documented; that one
// Send is one request, whatever happens to it, with the class that what happened to it deserves; that no redirect is
// followed, no answer is read without bound, and no secret comes out. At last, add the type to the program's registry.
//
// The package knows no vendor, and must not use the emulators: what both sides share would hide from both.
package providertest
