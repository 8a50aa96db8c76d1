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

conversation "named" {
  provider   = heyx
  with       = contacts.people
  contact_id = messages.a.reply # ERROR: No earlier message at hand
}
audience "a" {
  include = messages.a # ERROR: No earlier message at hand
  where   = messages.a.sent # ERROR: No earlier message at hand
}
locals {
  x = messages.a.reply # ERROR: No earlier message at hand
}
sequence "s" {
  conversation = conversation.viber
  where        = messages.a.sent # ERROR: No earlier message at hand
  start        = messages.a.sent_at # ERROR: No earlier message at hand
  window {
    timezone = messages.a.reply # ERROR: No earlier message at hand
  }
  message "a" {
    text = "hi"
  }
  message "b" {
    conversation = messages.a # ERROR: No earlier message at hand
    text         = "hi"
  }
}
