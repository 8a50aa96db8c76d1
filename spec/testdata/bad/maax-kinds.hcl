provider "maax" {}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "ask" {
  provider = maax
  with     = contacts.people
  platform = "sms"
}
sequence "s" {
  conversation = conversation.ask
  message "m" {
    form { # ERROR: Content kind not supported by provider
      field {
        name  = "a"
        type  = "text"
        label = "A"
      }
    }
  }
}
