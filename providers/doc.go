// Package providers is the contract between herald and the vendors through whom it writes to people.
//
// A provider type is a Type: its Facts, plain data from which validation, documentation and tests are made, and a
// function that opens an account. An opened account is a Provider with two jobs:
//
//   - Render, while planning, makes the Request of one message. It is pure and needs no secret, so a plan can be made
//     without credentials, read, sealed, and carried out later byte for byte.
//   - Send, while applying, makes exactly one attempt and says in an Outcome what came of it. The provider
//     classifies; what follows from a class (wait, stop, record, ask a person) is decided by its caller.
//
// A program collects the types it knows in a Registry, in one function and not by import side effects:
//
//	r := providers.NewRegistry(heyx.Type(), chatwoot.Digital99(), chatwoot.Chatwoot())
//	p, err := r.Open(providers.Account{Type: "heyx", Settings: providers.Values{"token": token}})
//	request, problems := p.Render(message)
//	outcome := p.Send(ctx, request, providers.NewKey())
//
// The package holds no HTTP and knows no vendor: the one HTTP client that all vendors share is in providers/wire, each
// vendor has a folder of its own, and providers/providertest is the suite that every one of them must pass; its
// documentation says how to write another. Nothing here may read campaign files, the ledger or the clock.
package providers
