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
    text = "hi"
    attachment { # ERROR: More than one content
      type = "image"
      url  = "https://x.example/a.png"
    }
  }
}
