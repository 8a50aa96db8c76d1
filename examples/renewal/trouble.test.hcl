# Who did not get the offer is not reminded of it; the others are.

start = "2026-12-01T14:00:00Z"

run "the_offer_goes_out" {
  assert {
    condition     = run.sent == 2
    error_message = "London and New York are open; ${run.sent} were sent."
  }
}

run "one_was_not_delivered" {
  at        = "2026-12-03T14:30:00Z"
  exit_code = 3

  failure {
    to     = renewal.offer["m1"]
    reason = "The channel was disconnected."
  }

  assert {
    condition     = sends["renewal.offer"]["m1"].failed && sends["renewal.offer"]["m1"].reason == "The channel was disconnected."
    error_message = "The vendor said why: ${sends["renewal.offer"]["m1"].reason}."
  }

  assert {
    condition     = sends["renewal.reminder"]["m1"].state == "blocked" && sends["renewal.reminder"]["m2"].state == "sent"
    error_message = "Only Grace is reminded; Ada's reminder is ${sends["renewal.reminder"]["m1"].state}."
  }
}
