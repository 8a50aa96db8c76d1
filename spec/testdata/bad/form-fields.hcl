provider "avaamo" {}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "bot" {
  provider = avaamo
  with     = contacts.people
  uuid     = contact.heyx_id
}

sequence "s" {
  conversation = conversation.bot
  message "a" {
    form {
      title = "About you"
      style = "large" # ERROR: Unsupported argument
      field { # ERROR: Missing required argument # ERROR: Missing required argument # ERROR: Missing required argument
      }
      field {
        name     = "b"
        type     = "date" # ERROR: Invalid value
        label    = "B"
        required = "perhaps" # ERROR: Wrong type of value
        options  = ["x"]
      }
      field {
        name    = "c"
        type    = "choice"
        label   = "C"
        options = "x" # ERROR: Wrong type of value
      }
    }
  }
  message "b" {
    form { # ERROR: Content without blocks
    }
  }
}
