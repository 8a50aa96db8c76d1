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
  start        = "2026-12-01 09:00" # ERROR: Not supported by this version
  until        = "2026-12-02 09:00" # ERROR: Not supported by this version
  window { # ERROR: Not supported by this version
    days = ["mon"]
  }
  message "m" {
    text = "hi"
  }
}
