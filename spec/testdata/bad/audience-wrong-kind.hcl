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
audience "a" {
  include = [conversation.viber] # ERROR: Wrong kind of reference
  exclude = ["people"] # ERROR: Wrong kind of reference
}
audience "b" {
  include = contacts.people.plan # ERROR: Wrong kind of reference
}
