# Vendors are busy for a while, and one loses a connection: nobody is missed, and nobody is told twice.
run "a_vendor_in_trouble_costs_nobody_a_message" {
  fault "heyx" {
    kind  = "throttle"
    count = 20
  }

  fault "digital99" {
    kind  = "drop"
    count = 2
  }

  assert {
    condition     = run.sent == run.planned && run.sent > 500
    error_message = "${run.sent} of ${run.planned} were sent."
  }

  assert {
    condition     = received.heyx == length(sends["launch.news"])
    error_message = "Everyone on Viber reads the news, once."
  }

  assert {
    condition     = sends["launch.news"]["c0001"].text == "Hi Chika, Atlas 4 is here on Thursday, 3 December. See what is new: https://example.com/atlas-4"
    error_message = "Chika reads her name and the link."
  }
}

run "and_never_again" {
  after = "1h"

  assert {
    condition     = run.planned == 0 && run.waiting == 0
    error_message = "Nothing is left to send."
  }
}

run "who_opted_out_is_not_told" {
  command = plan

  assert {
    condition     = run.left_out.excluded == 12 && !can(sends["launch.news"]["c0004"])
    error_message = "${run.left_out.excluded} are left out."
  }
}

run "only_some_are_invited_and_asked" {
  command = plan

  assert {
    condition     = length(sends["workshop.invitation"]) == 32 && length(sends["advice.first_steps"]) == 32
    error_message = "The workshop and the advice are for the gold plan."
  }

  assert {
    condition     = length(sends["tour.highlights"]) == 67
    error_message = "The tour is for teams that read English."
  }
}

run "another_product_is_another_announcement" {
  command = plan

  variables {
    product = "Atlas 5"
  }

  assert {
    condition     = sends["launch.news"]["c0001"].state == "sent" && run.kept > 0 && run.planned == 0
    error_message = "What was said stays said: a new announcement is a new message."
  }
}
