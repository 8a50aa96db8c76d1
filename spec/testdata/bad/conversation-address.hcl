contacts "people" {
  source = "people.csv"
  key    = "id"
}
provider "heyx" {}
provider "chatwoot" {}
conversation "a" { # ERROR: Missing required argument
  provider  = heyx
  with      = contacts.people
  contactid = contact.heyx_id # ERROR: Unsupported argument
}
conversation "b" {
  provider        = chatwoot
  with            = contacts.people
  conversation_id = 1.5 # ERROR: Invalid value
}
conversation "c" {
  provider   = heyx
  with       = contacts.people
  contact_id = null # ERROR: Null value
}
conversation "d" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyxid # ERROR: Unknown attribute of contact
}
