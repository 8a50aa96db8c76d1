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

sequence "renewal" {
  conversation = conversation.viber
  message "offer" {
    text = "hi"
  }
  message "last" {
    text = "hi"
  }
}
sequence "welcome" {
  conversation = conversation.viber
  message "hello" {
    text = "hi"
  }
}
moved {
  from = a
  to   = b
}
moved {
  from = c
  to   = a
}
moved { # ERROR: Cycle in moved blocks
  from = b
  to   = c
}
