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

sequence "a" {
  conversation = conversation.viber
  start        = "2026-12-01 09:00" # ERROR: Time without a zone
  until        = "tomorrow" # ERROR: Invalid time
  message "m" {
    text = "hi"
  }
}
sequence "b" {
  conversation = conversation.viber
  start        = "2026-02-30T09:00:00Z" # ERROR: Invalid time
  until        = contact.plan # ERROR: No person at hand
  message "m" {
    text = "hi"
  }
}
sequence "c" {
  conversation = conversation.viber
  start        = "" # ERROR: Empty value
  until        = null # ERROR: Null value
  message "m" {
    start = "2026-12-01T09:00:00Z" # ERROR: Unsupported argument
    text  = "hi"
  }
}
sequence "d" {
  conversation = conversation.viber
  start {      # ERROR: Unsupported block type
  }
  window = "mon-fri" # ERROR: Unsupported argument
  after  = "2d" # ERROR: Unsupported argument
  message "m" {
    text = "hi"
    window { # ERROR: Unsupported block type
    }
  }
}
