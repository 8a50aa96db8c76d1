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
  on_change    = "resent" # ERROR: Invalid value
  where        = "x"      # ERROR: Wrong type of value
  mesage "m" { # ERROR: Unsupported block type
  }
  message { # ERROR: Wrong number of labels
  }
}
