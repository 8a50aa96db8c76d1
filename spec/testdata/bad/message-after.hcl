provider "heyx" {}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "viber" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyx_id
}

sequence "s" {
  conversation = conversation.viber
  message "a" {
    after = "2d" # ERROR: Nothing to wait after
    text  = "hi"
  }
  message "b" {
    after = "0s" # ERROR: Invalid value
    text  = "hi"
  }
  message "c" {
    after = "-1h" # ERROR: Invalid value
    text  = "hi"
  }
  message "d" {
    after = "2 days" # ERROR: Invalid duration
    text  = "hi"
  }
  message "e" {
    after = contact.plan # ERROR: No person at hand
    text  = "hi"
  }
  message "f" {
    after = messages.a.sent_at # ERROR: No earlier message at hand
    text  = "hi"
  }
  message "g" {
    after = ["1d"] # ERROR: Wrong type of value
    text  = "hi"
  }
}
