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
    on_doubt  = "hold" # ERROR: Unsupported argument
    on_change = "keep" # ERROR: Unsupported argument
    text      = "hi"
  }
}
