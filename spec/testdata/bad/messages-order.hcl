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
  message "first" {
    when = messages.second.sent # ERROR: Message is not an earlier one
    text = "hi ${messages.nobody.reply}" # ERROR: Reference to undeclared name
  }
  message "second" {
    when = messages.second.sent # ERROR: Message is not an earlier one
    text = "hi"
    heyx {
      force_cancel_survey = messages.third.read # ERROR: Message is not an earlier one
    }
  }
  message "third" {
    when = messages.other.sent && try(messages.firts.sent, true) # ERROR: Reference to undeclared name # ERROR: Reference to undeclared name
    text = "hi"
  }
}
sequence "t" {
  conversation = conversation.viber
  message "other" {
    text = "hi"
  }
}
