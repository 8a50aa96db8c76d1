// Package planner makes the plan: who gets which message, through which account, and why not.
//
// Make brings four things together: a checked campaign, the opened accounts, what the ledger says, and the clock. It
// streams the people of each sequence, evaluates and renders their messages, decides about every send, and hands each
// Step to its caller in plan order: sequences by name, people in the order of their sources, messages in theirs.
//
//	steps := planner.NewStepFiles()
//	defer steps.Close()
//	plan, diags, err := planner.Make(ctx, planner.Input{
//		Campaign: campaign, Accounts: accounts, View: view, Now: time.Now(), Limit: -1, Samples: 3, Version: version,
//	}, steps.Add)
//	if err != nil || diags.HasErrors() {
//		...
//	}
//	if len(plan.Forbidden) > 0 {
//		... // shown, and not carried out
//	}
//	lane, err := steps.Lane("heyx")
//
// It promises:
//
//   - The same input gives the same plan, whatever the order of blocks and files.
//   - People are streamed, once, and where an exclude list goes by e-mail or phone and several sources are read, twice.
//     Memory holds, per person of the sequence at hand, one hash of 128 bits for noticing duplicates, and one per send
//     for noticing that two people share an address; a few more bytes where several sources, exclude lists or
//     unique_by need them. Steps go to files.
//   - Everything wrong is found in one pass and shown with its place: the first twenty of each kind, the rest counted.
//     Nobody is left out silently.
//   - Suppression wins over everything. Whoever is excluded by an audience that a list of people names at any depth is
//     nobody in the whole list, and an exclude list is read whole or not at all: on_invalid does not apply to it.
//   - All messages of a sequence go to the people of its conversation; a message's own conversation is with the same.
//     Another list of people would have its own where, unique_by and attributes; that is a sequence of its own.
//   - What is in doubt is never planned to be sent, whatever the flags say, unless on_doubt = "resend" asks for it.
//   - Hashes are versioned and stay what they are: a ledger of today is read by every later version.
//
// Validate is the part of this that needs no ledger; Check is the part that needs no people either. Try renders one message
// for one declared person, as a test; there suppression is stricter still: an exclude list of any audience counts.
//
// The package must not write a ledger, touch a network, or look at a clock. It reads no files but those of people that
// the campaign names; the only ones it writes are those of StepFiles.
package planner
