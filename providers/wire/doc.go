// Package wire is the HTTP client that all providers share. It makes one attempt and tells what is certain about it.
//
// A Client belongs to one account. Its Send turns a rendered request into one HTTP request and its end into one
// providers.Outcome:
//
//   - exactly one request: nothing is repeated, no redirect is followed, and the token goes to no other host;
//   - NotSent only when provably no byte of the request was written; whatever is less certain is Unknown;
//   - of an answer at most MaxAnswer bytes are read, of a page of messages MaxPage;
//   - no secret of the account is in any text of the Outcome, whoever put it there.
//
// What an answer means is the vendor's matter, so each provider hands in a function from Answer to Outcome, and falls
// back to Answer.ByStatus where its vendor says nothing:
//
//	client, err := wire.Open(facts, account, http.Header{"Authorization": {"Bearer " + token}})
//	outcome := client.Send(ctx, request, func(a wire.Answer) providers.Outcome {
//		if a.Success() && string(a.Body) == "ok" {
//			return providers.Outcome{Class: providers.Accepted}
//		}
//		return a.ByStatus("")
//	})
//
// The package must not know any vendor, and must not decide what follows from an outcome: waiting, retrying and
// recording are the caller's.
package wire
