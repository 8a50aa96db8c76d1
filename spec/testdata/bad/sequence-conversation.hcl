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
  conversation = conversation.vibr # ERROR: Reference to undeclared name
  message "m" {
    text = "hi"
  }
}
sequence "t" {
  conversation = contacts.people # ERROR: Wrong kind of reference
  message "m" {
    text = "hi"
  }
}
