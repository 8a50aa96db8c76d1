run "everybody_is_told_once" {
  assert {
    condition     = run.sent == run.planned && run.sent > 500
    error_message = "${run.sent} of ${run.planned} were sent."
  }

  assert {
    condition     = received.heyx == length(sends["launch.news"])
    error_message = "Everyone on Viber reads the news."
  }
}

run "and_never_again" {
  after = "1h"

  assert {
    condition     = run.planned == 0
    error_message = "Nothing is left to send."
  }
}

run "a_vendor_in_trouble_costs_nobody_a_message" {
  after   = "1h"
  command = plan

  assert {
    condition     = run.refused == 0 && run.in_doubt == 0
    error_message = "Nobody is refused or in doubt."
  }
}
