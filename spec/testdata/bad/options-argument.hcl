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
    heyx {
      force_cancel_surveys = true # ERROR: Unsupported argument
      force_cancel_survey = "perhaps" # ERROR: Wrong type of value
    }
    heyx { # ERROR: Duplicate declaration
    }
  }
}
