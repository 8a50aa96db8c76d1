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
policy "empty" { # ERROR: Policy without rules
}
policy "unsequenced" {
  sequences = [] # ERROR: Empty list
  max_sends = 1
}
policy "names" {
  sequences = [
    renewl, # ERROR: Reference to undeclared name
    sequence.renewal, # ERROR: Wrong kind of reference
    "welcome", # ERROR: Wrong kind of reference
    welcome,
    welcome, # ERROR: Sequence named twice
  ]
  max_sends = 100
}
policy "numbers" {
  sequences = welcome
  max_sends = -1 # ERROR: Invalid value
  max_per_contact { # ERROR: Missing required argument
    count = 0 # ERROR: Invalid value
  }
  canary {
    size = 1.5 # ERROR: Invalid value
    hold = "soon" # ERROR: Invalid duration
  }
}
policy "more" {
  sequences = "renewal" # ERROR: Wrong kind of reference
  max_send  = 1 # ERROR: Unsupported argument
  max_sends = contact.age # ERROR: No person at hand
  count     = 2 # ERROR: Unsupported argument
  canary "x" { # ERROR: Wrong number of labels
    size = 1
    hold = "0s" # ERROR: Invalid value
  }
}
policy { # ERROR: Wrong number of labels
}
policy "empty" { # ERROR: Duplicate declaration
}
