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
  on_doubt     = "send" # ERROR: Invalid value
  message "m" {
    text = "hi"
  }
}
sequence "t" {
  conversation = conversation.viber
  on_doubt     = contact.plan # ERROR: No person at hand
  message "m" {
    text = "hi"
  }
}
sequence "u" {
  conversation = conversation.viber
  on_doubt { # ERROR: Unsupported block type
  }
  message "m" {
    text = "hi"
  }
}
