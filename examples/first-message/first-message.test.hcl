run "it_arrives" {
  assert {
    condition     = sends["welcome.hello"]["me"].text == "Hello Ada, this is herald."
    error_message = "Ada reads her name."
  }
}

run "once" {
  after = "1d"

  assert {
    condition     = run.planned == 0 && received.heyx == 1
    error_message = "A message is sent once."
  }
}
