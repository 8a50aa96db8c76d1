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

run "two_answers_come" {
  after = "1m"

  reply {
    to   = answers.question["v1"]
    text = "Yes: two hours, on a day that suits you."
  }

  reply {
    to   = short_answers.question["v3"]
    text = "There is, for every phone."
  }

  assert {
    condition     = sends["answers.answer"]["v1"].text == "Hi Ada, you asked us: Does the gold plan include a training for my team?\n\nYes: two hours, on a day that suits you."
    error_message = "Ada reads her question and the answer, and not ${jsonencode(sends["answers.answer"]["v1"].text)}."
  }

  assert {
    condition     = sends["short_answers.answer"]["v3"].text == "There is, for every phone." && received.heyx == 2
    error_message = "Alan reads the answer alone; ${received.heyx} messages left through HeyX."
  }

  assert {
    condition     = sends["answers.answer"]["v2"].state == "waits"
    error_message = "Grace waits for her own."
  }
}

run "nothing_more_happens_by_itself" {
  after = "30d"

  assert {
    condition     = run.sent == 0 && run.waiting == 2
    error_message = "Two answers are still to come."
  }
}
