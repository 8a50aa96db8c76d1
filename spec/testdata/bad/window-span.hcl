# A window that is shut from start to until, for everyone.
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

sequence "weekend" {
  conversation = conversation.viber
  start        = "2026-11-28 09:00"
  until        = "2026-11-29 20:00"
  window { # ERROR: Window never opens
    days     = ["mon", "tue"]
    from     = "09:00"
    to       = "18:00"
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}

sequence "weekend_in_berlin" {
  conversation = conversation.viber
  start        = "2026-11-27T17:00:00Z"
  until        = "2026-11-30T08:00:00Z"
  window { # ERROR: Window never opens
    days     = ["mon", "tue"]
    from     = "09:00"
    to       = "18:00"
    timezone = "Europe/Berlin"
  }
  message "m" {
    text = "hi"
  }
}

sequence "one_hour_more" {
  conversation = conversation.viber
  start        = "2026-11-27T17:00:00Z"
  until        = "2026-11-30T08:00:01Z"
  window {
    days     = ["mon", "tue"]
    from     = "09:00"
    to       = "18:00"
    timezone = "Europe/Berlin"
  }
  message "m" {
    text = "hi"
  }
}

sequence "weekend_of_offsets" {
  conversation = conversation.viber
  start        = "2026-11-28T06:00:00Z"
  until        = "2026-11-29T12:00:00Z"
  window { # ERROR: Window never opens
    days     = ["mon", "tue"]
    from     = "09:00"
    to       = "18:00"
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}

sequence "monday_somewhere" {
  conversation = conversation.viber
  start        = "2026-11-28T06:00:00Z"
  until        = "2026-11-29T20:00:00Z"
  window {
    days     = ["mon", "tue"]
    from     = "09:00"
    to       = "18:00"
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}

sequence "day" {
  conversation = conversation.viber
  start        = "2026-11-28 07:30"
  until        = "2026-11-28 20:30"
  window { # ERROR: Window never opens
    from     = "22:00"
    to       = "06:00"
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}

sequence "nearly_night" {
  conversation = conversation.viber
  start        = "2026-11-28 07:30"
  until        = "2026-11-28 21:30"
  window {
    from     = "22:00"
    to       = "06:00"
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}

sequence "over" {
  conversation = conversation.viber
  start        = "2026-12-01 09:00"
  until        = "2026-11-30T10:00:00Z" # ERROR: Sequence ends before it begins
  window {
    days     = ["mon", "tue"]
    from     = "09:00"
    to       = "18:00"
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}

sequence "over_in_the_west" {
  conversation = conversation.viber
  start        = "2026-12-01 09:00"
  until        = "2026-12-01T10:00:00Z"
  window {
    timezone = contact.plan
  }
  message "m" {
    text = "hi"
  }
}
