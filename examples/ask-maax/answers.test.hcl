# Nobody gets an answer before it is there, and everybody gets their own.

run "the_questions_are_asked" {
  assert {
    condition     = received.maax == 4 && received.heyx == 0
    error_message = "Four people asked, and nobody is answered yet."
  }

  assert {
    condition     = sends["answers.answer"]["v1"].state == "waits"
    error_message = "The answer to Ada waits for Maax AI."
  }
}

run "one_answer_comes" {
  after = "1m"

  reply {
    to   = answers.question["v1"]
    text = "Yes: two hours, on a day that suits you."
  }

  assert {
    condition     = strcontains(sends["answers.answer"]["v1"].text, "two hours")
    error_message = "Ada reads the answer, and not ${sends["answers.answer"]["v1"].text}."
  }

  assert {
    condition     = sends["answers.answer"]["v2"].state == "waits"
    error_message = "Grace waits for her own."
  }
}

run "nothing_more_happens_by_itself" {
  after = "30d"

  assert {
    condition     = run.sent == 0 && run.waiting == 3
    error_message = "Three answers are still to come."
  }
}
