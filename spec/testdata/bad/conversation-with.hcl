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
conversation "c" {
  provider   = heyx
  with       = conversation.viber # ERROR: Wrong kind of reference
  contact_id = "1"
}
