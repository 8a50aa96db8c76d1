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
  start        = "2026-12-01 09:00"
  window { # ERROR: Missing required argument
    from = "09:00"
  }
  message "m" {
    text = "hi"
  }
}
sequence "b" {
  conversation = conversation.viber
  window {
    timezone = "Europe/Belrin" # ERROR: Invalid timezone
  }
  window { # ERROR: Duplicate declaration
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "c" {
  conversation = conversation.viber
  window {
    timezone = "Local" # ERROR: Invalid timezone
  }
  message "m" {
    text = "hi"
  }
}
sequence "d" {
  conversation = conversation.viber
  window "w" { # ERROR: Wrong number of labels
    timezone = "" # ERROR: Invalid timezone
    zone     = "" # ERROR: Unsupported argument
  }
  message "m" {
    text = "hi"
  }
}
sequence "e" {
  conversation = conversation.viber
  window {
    timezone = contact.tz # ERROR: Unknown attribute of contact
  }
  message "m" {
    text = "hi"
  }
}
sequence "f" {
  conversation = conversation.viber
  window {
    timezone = null # ERROR: Null value
  }
  timezone = "UTC" # ERROR: Unsupported argument
  message "m" {
    text = "hi"
  }
}
