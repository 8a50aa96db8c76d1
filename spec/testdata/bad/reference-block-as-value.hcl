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
locals {
  a = contacts.people # ERROR: Wrong kind of reference
  b = conversation.viber # ERROR: Wrong kind of reference
  c = heyx # ERROR: Wrong kind of reference
}
