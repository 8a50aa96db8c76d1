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
    days = [
      "mon",
      "tues", # ERROR: Invalid value
      "mno",  # ERROR: Invalid value
      "Fri",  # ERROR: Invalid value
      "mon",  # ERROR: Day named twice
    ]
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "b" {
  conversation = conversation.viber
  window {
    days     = [] # ERROR: Window never opens
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "c" {
  conversation = conversation.viber
  window {
    days     = "mon-fri" # ERROR: Wrong type of value
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "d" {
  conversation = conversation.viber
  window {
    days     = ["mon-fri"] # ERROR: Invalid value
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
sequence "e" {
  conversation = conversation.viber
  window {
    days     = [contact.plan] # ERROR: No person at hand
    timezone = "UTC"
  }
  message "m" {
    text = "hi"
  }
}
