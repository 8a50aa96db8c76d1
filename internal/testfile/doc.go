// Package testfile reads *.test.hcl files: a campaign's tests, as "herald test" runs them.
//
//	start = "2026-12-01T09:00:00Z" # the clock of the first run
//
//	run "the_offer_goes_out" {
//	  assert {
//	    condition     = run.sent == 3
//	    error_message = "Everybody gets the offer."
//	  }
//	}
//
//	run "who_answers_is_left_alone" {
//	  after = "2d"
//
//	  reply {
//	    to   = renewal.offer["ada"]
//	    text = "Yes"
//	  }
//
//	  assert {
//	    condition     = sends["renewal.reminder"]["ada"].state == "skipped"
//	    error_message = "Ada answered: no reminder."
//	  }
//	}
//
// A file is one story: its runs follow each other, on one ledger and with one sandbox, and nothing of it leaves the
// machine. The clock stands still within a run and jumps between them. A run that ends in an error ends the story: those
// after it are skipped.
//
// # What a file has
//
//	start         the clock of the first run, RFC 3339; 2026-01-01T09:00:00Z without it
//	variables {}  values for the campaign's variables, over every other way to set them; constants
//	run NAME {}   one or more, in order
//
// # What a run has
//
//	after         the time since the run before it: "2d", "90m"
//	at            or its clock itself, RFC 3339; without both it is that of the run before
//	command       apply, plan (nothing is sent) or refresh (reads what became of messages); apply without it
//	exit_code     how it must end: 0, 3 (something is refused, failed, in doubt, or a lane stopped), 4 (forbidden by a
//	              policy or guard); 0 without it
//	variables {}  as above, over the file's, and for this run alone: another CSV, another text
//	reply {}      before the run the person of to answers with text; of Maax AI, the vendor does
//	read {}       before the run the person of to reads it, and all that was sent there before
//	failure {}    before the run the vendor gives up delivering it, for a reason ("not delivered"), and with it all that was
//	              sent there and is neither delivered nor read by then
//	fault TYPE {} during the run the next count (1) requests that would send through providers of that type go wrong, by kind
//	assert {}     after the run condition must be true; else error_message says what is wrong
//
// In reply, read and failure, to is one send: renewal.offer["ada"]. Each is possible where the vendor tells herald of it;
// "herald providers" says which does. What happens is known to a run that asks for it: an apply asks about messages that a
// due one names, a refresh about all.
//
// The kinds of faults:
//
//	throttle      not accepted: 429
//	error         accepted, then answered with 500
//	drop          accepted, then the connection is reset
//	cut           not accepted: the connection is reset once the request was read
//	broken        accepted, then half of an answer
//
// # What a condition can name
//
//	run.exit_code                             how the run ended
//	run.planned                               sends of its plan
//	run.sent .refused .in_doubt .skipped      what came of them in this run; what is so from before is not counted
//	run.late .unsent .moved                   too late for their window; not tried; renames recorded
//	run.waiting .expired .blocked .kept       how many sends are so after the run
//	run.failed                                how many were sent and could not be delivered, after the run
//	run.left_out.excluded .invalid .unique_by people who get nothing, after the run, by why
//	run.next                                  when the first of the waiting is due; null when none is known
//	run.now                                   its clock
//	run.forbidden .warnings                   lists: the summaries of what forbids the plan; what it warned of
//	received.TYPE                             messages that the vendor accepted since the file began
//	sends["renewal.offer"]["ada"]             one send; a message has everybody whom it is for
//	      .state                              of the ledger: sent, refused, in_doubt, skipped; else of the plan: send, waits,
//	                                          blocked, expired, passed
//	      .reason                             why it is refused, failed or waits; "" without one
//	      .text                               as it was sent; null when it was not
//	      .account .attempts                  the provider, with its alias; how often it was tried
//	      .sent_at .due                       instants; null when there is none
//	      .delivered .read .failed .replied   what became of it, as far as herald knows
//	      .reply                              null without one
//	var, local, functions                     as in the campaign
//
// Those whom a message is for and who get it: length([for p in sends["renewal.offer"] : p if p.state == "sent"]). Whoever is
// left out has no send: !can(sends["renewal.offer"]["noa"]).
//
// Read gives every file with its places, and all that is wrong with it at once. Conditions stay unevaluated: whoever runs
// the test knows what happened, and Check says whether it is what the file asks for.
//
// The package must not send, plan or know providers.
package testfile
