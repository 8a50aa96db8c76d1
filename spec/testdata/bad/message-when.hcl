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
    when = "perhaps" # ERROR: Wrong type of value
    text = "hi"
  }
  message "b" {
    when = null # ERROR: Null value
    text = "hi"
  }
  message "c" {
    when = messages.a.reply # text that may be "true"
    text = "hi"
  }
  message "d" {
    when = messages.a # ERROR: Wrong type of value
    text = "hi"
  }
  message "e" {
    when = contact.pln == "gold" # ERROR: Unknown attribute of contact
    text = "hi"
  }
  message "f" {
    when = [messages.a.replied] # ERROR: Wrong type of value
    text = "hi"
  }
  message "g" {
    when { # ERROR: Unsupported block type
    }
    text = "hi"
  }
}
