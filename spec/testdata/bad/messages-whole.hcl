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
    text = jsonencode(messages) # ERROR: Message not named
  }
  message "c" {
    text = messages[contact.plan].reply # ERROR: Message not named
  }
  message "d" {
    text = messages[0].reply # ERROR: Message not named
  }
  message "e" {
    when = alltrue(values(messages).*.sent) # ERROR: Message not named
    text = "hi"
  }
}
