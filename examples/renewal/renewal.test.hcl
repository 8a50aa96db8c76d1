start = "2026-11-30T10:00:00Z"

run "nothing_before_the_start" {
  assert {
    condition     = run.sent == 0 && run.next == "2026-12-01T00:00:00Z"
    error_message = "It starts at nine on 1 December, first in Tokyo; the next is due ${run.next}."
  }
}

run "the_offer_goes_out_in_office_hours" {
  at = "2026-12-01T09:00:00Z"

  assert {
    condition     = sends["renewal.offer"]["m1"].state == "sent"
    error_message = "It is nine in London."
  }

  assert {
    condition     = sends["renewal.offer"]["m2"].due == "2026-12-01T14:00:00Z"
    error_message = "Grace is asleep: nine in New York is 14:00 UTC."
  }

  assert {
    condition     = sends["renewal.offer"]["m3"].due == "2026-12-02T00:00:00Z"
    error_message = "Tokyo's office hours were over; the next begin at midnight UTC."
  }

  assert {
    condition     = !contains(keys(sends["renewal.offer"]), "m4")
    error_message = "Noa opted out."
  }
}

run "the_others_follow" {
  at = "2026-12-02T14:00:00Z"

  assert {
    condition     = sends["renewal.offer"]["m2"].state == "sent" && sends["renewal.offer"]["m3"].state == "waits"
    error_message = "New York is open, Tokyo is closed again."
  }
}

run "tokyo_opens" {
  at = "2026-12-03T00:30:00Z"

  assert {
    condition     = sends["renewal.offer"]["m3"].state == "sent"
    error_message = "Half past nine in Tokyo."
  }
}

run "who_answers_is_left_alone" {
  at = "2026-12-03T09:00:00Z"

  reply {
    to   = renewal.offer["m1"]
    text = "Yes"
  }

  assert {
    condition     = sends["renewal.reminder"]["m1"].state == "skipped"
    error_message = "Ada answered: no reminder."
  }
}

run "who_does_not_is_reminded" {
  at = "2026-12-04T14:00:00Z"

  assert {
    condition     = sends["renewal.reminder"]["m2"].state == "sent"
    error_message = "Two days passed for Grace."
  }
}

run "a_last_call_a_week_later" {
  at = "2026-12-11T14:30:00Z"

  assert {
    condition     = sends["renewal.last_call"]["m2"].text == "Grace, this is the last call for renewing. Answer here and we do the rest."
    error_message = "A week passed for Grace; her last call is ${sends["renewal.last_call"]["m2"].state}."
  }

  assert {
    condition     = sends["renewal.last_call"]["m1"].state == "skipped"
    error_message = "Ada answered: no last call."
  }
}

run "what_is_late_expires" {
  at = "2026-12-21T09:00:00Z"

  assert {
    condition     = run.sent == 0 && sends["renewal.reminder"]["m3"].state == "expired"
    error_message = "Until has passed before herald ran again in Tokyo's hours."
  }
}
