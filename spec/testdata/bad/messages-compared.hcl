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
  message "a" {
    text = "hi"
  }
  message "b" {
    when = messages.a.sent == "yes" # ERROR: Text compared with another type
    text = "hi"
  }
  message "c" {
    when = messages.a.reply != 1 # ERROR: Text compared with another type
    text = "hi"
  }
  message "d" {
    when = 0 == (messages["a"]["read"]) # ERROR: Number compared with a bool
    text = "hi"
  }
  message "e" {
    when = messages.a.status == "delivred" # ERROR: Invalid value
    text = "hi"
  }
}
