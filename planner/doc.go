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
// # Time and conditions
//
// What decide would send goes out only when the clock lets it: from the sequence's start on and before until, while its
// window is open in the person's zone, and when the message's delay is over. Until then it waits, and all that follows it
// for that person waits behind it. Input.Now is the only clock. Step.Due says when a waiting step can go out, as far as
// that hangs on the clock alone; Plan.Next is the first such time, so that a plan made then has something to do.
// Step.NotAfter says when a step that sends must not begin any more.
//
//   - A delay counts from when the message before was sent; from the decision, if that one was skipped, yet not from
//     earlier than the message before that. Expired and passed ones are as if they were not there. The first message has
//     nothing to count from, and its delay is over. Behind one that leaves in this plan, a delay waits for the next plan.
//   - Until cuts off at its instant, and so does a window's closing: what begins then is too late. Expired is never
//     stored. What would be due only after until waits, and is expired when the time has come.
//   - A condition is evaluated when nothing else holds the message back; false is recorded with the condition's hash, and
//     the next message goes on. With another condition, or -replace, it is asked again, as if it had never been.
//   - What is sent again (on_change, -replace, after a refusal, on_doubt) keeps to start, until and window, and has no
//     delay and no condition: those were decided. Out of doubt, it stays in doubt when until has passed. -replace of what
//     was never sent changes nothing about when it is sent.
//   - What waits is rendered too, so that what is wrong with it is found before the first message leaves, unless its
//     condition or its text hangs on facts that are not known yet.
//
// # Facts
//
// messages.NAME in an expression is what became of that message for the person at hand. Nothing of it is known until the
// message is settled: sent, skipped, expired or passed, by the ledger or, the last three, by this plan. That something
// has not happened (delivered, read, replied, failed) is known when the account Told it or Input.Read says that somebody
// has just looked; of an account that cannot tell, it never happens, and a warning says so. A reply is unknown until
// there is one; of a message that was not sent, or where nobody can tell, it is null.
//
// A step whose condition or text is not known waits, and Plan.Wants names the sends that must be read to go on. The text
// of what was sent is compared as long as it is known; while it is not, nothing counts as changed.
//
// # Policies, renames and edits
//
// A policy never changes what is planned, but for its canary: a plan that it forbids is whole, is shown, and says in
// Forbidden which policy, by how much, and what to do.
//
//   - max_sends counts the requests, those beyond -limit not among them.
//   - max_per_contact counts for each person what the ledger has within the time before Input.Now, and the requests of
//     the plan; all sequences that the policy covers add up, what is sent again counts again, and what is in doubt
//     counts. Memory holds one hash of 128 bits and a number per person who gets anything, for each such policy.
//   - max_failure_rate is the share of refused and undelivered messages of those that were sent or refused, as the
//     planned steps tell; of fewer than twenty, as if they were twenty, so that one of the first few does not count as
//     half. It forbids only what would send.
//   - A canary lets the first few people have a message; the others wait until the hold has passed since the last of
//     those few was recorded, whatever came of it. Each message has its own wave: plan order is stable, so that the same
//     people come first in all of them. Whoever waits for one message waits for all that follow it. What is sent again
//     is not held. -limit counts what the canary lets through.
//
// A plan is made as if the moved blocks were recorded: everything in it has the campaign's names, and Plan.Moves is what
// is to be recorded first. What an Input knows of single sends, and Plan.Wants, have the ledger's names; see Names.
//
// Plan.Edits compares each sequence with what the last run saw of it, for the people who are in the middle of it.
//
// Suppress reads the exclude lists again for a plan that was made before. Steps carry what they need for that.
//
// # Reviewers
//
// Whoever approves a plan for a hundred thousand people reads a few messages. With Input.Contents each group of sends keeps,
// beside the first ones, those that differ, and Sample.Why says how: the longest and the shortest, in characters, where not
// all are of one length; the first person without an attribute that the message's content or options name; the first of each
// locale, whether the message names it or not. Attributes and locales count up to eight each. Which samples are kept changes
// neither the steps nor the Digest.
//
// Reach counts who has joined a sequence and who has left it since the ledger was begun. Of those who left it is the
// greatest number that one message tells: the ledger counts people by message. Unusual says that a plan sends far more than
// any of Input.Runs.
//
// # Promises
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
// the campaign names, and the system's time zones; the only ones it writes are those of StepFiles and PlanFiles.
package planner
