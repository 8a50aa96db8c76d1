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

sequence "renewal" {
  conversation = conversation.viber
  message "offer" {
    text = "hi"
  }
  message "last" {
    text = "hi"
  }
}
sequence "welcome" {
  conversation = conversation.viber
  message "hello" {
    text = "hi"
  }
}
policy "a" {
  sequences        = [welcome]
  max_failure_rate = 5 # ERROR: Invalid value
}
policy "b" {
  sequences        = [welcome]
  max_failure_rate = "0.05" # ERROR: Wrong type of value
}
policy "c" {
  sequences        = [welcome]
  max_failure_rate = -0.1 # ERROR: Invalid value
}
policy "d" {
  sequences        = [welcome]
  max_failure_rate = null # ERROR: Null value
}
