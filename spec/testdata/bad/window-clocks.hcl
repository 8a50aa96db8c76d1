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
  window {
    from     = "9:00" # ERROR: Invalid time of day
    to       = "24:30" # ERROR: Invalid time of day
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "b" {
  conversation = conversation.viber
  window {
    from     = "09:00"
    to       = "09:00" # ERROR: Window never opens
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "c" {
  conversation = conversation.viber
  window {
    to       = "00:00" # ERROR: Window never opens
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "d" {
  conversation = conversation.viber
  window {
    from     = "24:00" # ERROR: Invalid time of day
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "e" {
  conversation = conversation.viber
  window {
    from     = 9 # ERROR: Invalid time of day
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
