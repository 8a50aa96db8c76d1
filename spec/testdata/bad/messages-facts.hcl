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
    text = "hi"
  }
  message "b" {
    text = "You wrote ${messages.a.answer}" # ERROR: Unknown fact of a message
  }
  message "c" {
    when = messages.a[0] # ERROR: Unknown fact of a message
    text = "hi"
  }
  message "d" {
    when = messages.a.sent.at # ERROR: Unsupported attribute
    text = "hi"
  }
}
