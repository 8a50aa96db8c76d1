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

  message "m" {
    text = "one"
  }
  message "m" { # ERROR: Duplicate declaration
    text = "two"
  }
}
sequence "s" { # ERROR: Duplicate declaration
}
