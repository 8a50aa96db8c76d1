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
    after = "2d"             # ERROR: Not supported by this version
    when  = contact.plan == "gold" # ERROR: Not supported by this version
    text  = "hi"
  }
}
