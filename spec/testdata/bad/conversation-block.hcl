provider "maax" {}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "a" {
  provider = maax
  with     = contacts.people
  platform = "sms"
  prospect_info { # ERROR: Missing required argument
    emial = contact.first_name # ERROR: Unsupported argument
    score = 1.5 # ERROR: Invalid value
    facebook = contact.face # ERROR: Unknown attribute of contact
    email { # ERROR: Unsupported block type
    }
  }
  prospect_info { # ERROR: Duplicate declaration
  }
}
conversation "b" { # ERROR: Missing required argument
  provider = maax
  with     = contacts.people
  email    = "x@x.example" # ERROR: Unsupported argument
  prospect_info = { email = "x@x.example" } # ERROR: Unsupported argument
  prospect_infos { # ERROR: Unsupported block type
  }
}
conversation "c" {
  provider = maax
  with     = contacts.people
  platform = "sms"
  prospect_info "x" { # ERROR: Wrong number of labels
    first_name = null # ERROR: Null value
    score      = "many" # ERROR: Wrong type of value
  }
}
conversation "d" {
  provider = maxx # ERROR: Reference to undeclared name
  with     = contacts.people
  platform = "sms"
  prospect_info {
    anything = 1
  }
}
