provider "chatwoot" {}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "viber" {
  provider   = chatwoot
  with       = contacts.people
  conversation_id = contact.heyx_id
}

sequence "s" {
  conversation = conversation.viber
  message "m" {
    attachment { # ERROR: Content kind not supported by provider
      type = "image"
      url  = "https://x.example/a.png"
    }
  }
}
