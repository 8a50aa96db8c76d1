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
// machine. The clock stands still within a run and jumps between them.
//
// Read gives every file with its places, and all that is wrong with it at once. Conditions stay unevaluated: whoever runs
// the test knows what happened, and Check says whether it is what the file asks for.
//
// The package must not send, plan or know providers.
package testfile
