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
moved { # ERROR: Missing required argument # ERROR: Missing required argument
}
moved "x" { # ERROR: Wrong number of labels
}
moved {
  from = renewals
  to   = renewals # ERROR: Nothing is moved
}
moved {
  from = renewals.first
  to   = renewal # ERROR: Wrong kind of reference
}
moved {
  from = "old" # ERROR: Wrong kind of reference
  to   = renewal.offer["c1"] # ERROR: Wrong kind of reference
}
moved {
  from = sequence.old # ERROR: Wrong kind of reference
  to   = sequence.renewal # ERROR: Wrong kind of reference
}
moved {
  from = welcome # ERROR: Old name still declared
  to   = renewal
}
moved {
  from = renewal.offer # ERROR: Old name still declared
  to   = renewal.last
}
moved {
  from = old
  to   = renwal # ERROR: Reference to undeclared name
}
moved {
  from = renewal.first
  to   = renewal.ofer # ERROR: Reference to undeclared name
}
moved {
  from = renewal.first # ERROR: Moved twice
  to   = renewal.offer
}
moved {
  from = x.y
  to   = renewal.last
}
moved {
  from = x.z
  to   = renewal.last # ERROR: Moved to one name
}
moved {
  from = x.w
  to   = renewal.last
  key  = "c1" # ERROR: Unsupported argument
}
