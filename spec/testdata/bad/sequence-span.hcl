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

sequence "offsets" {
  conversation = conversation.viber
  start        = "2026-12-01T09:00:00+01:00"
  until        = "2026-12-01T08:00:00Z" # ERROR: Sequence ends before it begins
  message "m" {
    text = "hi"
  }
}
sequence "wall" {
  conversation = conversation.viber
  start        = "2026-12-01"
  until        = "2026-11-30 23:59" # ERROR: Sequence ends before it begins
  window {
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}
sequence "mixed" {
  conversation = conversation.viber
  start        = "2026-12-01 09:00"
  until        = "2026-12-01T08:00:00Z" # ERROR: Sequence ends before it begins
  window {
    timezone = "Europe/Berlin"
  }
  message "m" {
    text = "hi"
  }
}
