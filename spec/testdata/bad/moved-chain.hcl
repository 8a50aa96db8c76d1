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

sequence "renewal" {
  conversation = conversation.viber
  message "offer" {
    text = "hi"
  }
  message "last" {
    text = "hi"
  }
}
sequence "welcome" {
  conversation = conversation.viber
  message "hello" {
    text = "hi"
  }
}
moved {
  from = old
  to   = older
}
moved {
  from = older
  to   = oldest # ERROR: Reference to undeclared name
}
moved {
  from = first.offer
  to   = first.offered # ERROR: Reference to undeclared name
}
moved {
  from = first
  to   = welcome
}
