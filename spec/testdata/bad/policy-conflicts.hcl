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
policy "all" {
  max_sends        = 50
  max_failure_rate = 0.1
  canary { # ERROR: Policies contradict each other
    size = 100
    hold = "1d"
  }
}
policy "renewals" {
  sequences        = [renewal]
  max_sends        = 20
  max_failure_rate = 0 # ERROR: Policies contradict each other
  max_per_contact {
    count = 2
    per   = "1w"
  }
}
policy "again" {
  sequences = [renewal]
  max_sends = 30 # ERROR: Policies contradict each other
  canary { # ERROR: Policies contradict each other # ERROR: Policies contradict each other
    size = 25
    hold = "1h"
  }
  max_per_contact { # ERROR: Policies contradict each other
    count = 3
    per   = "1d"
  }
}
policy "welcomes" {
  sequences = [welcome]
  max_sends = 60
  max_per_contact {
    count = 5
    per   = "1d"
  }
}
