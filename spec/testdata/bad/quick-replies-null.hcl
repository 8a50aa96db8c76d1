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
    quick_replies {
      title   = "?"
      replies = ["yes", null] # ERROR: Null value
    }
  }
}
