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
  message "m" {
    form {
      field { # ERROR: Choice without options
        name  = "a"
        type  = "choice"
        label = "A"
      }
      field {
        name    = "b"
        type    = "choice"
        label   = "B"
        options = [] # ERROR: Choice without options
      }
      field {
        name    = "c"
        type    = "choice"
        label   = "C"
        options = null # ERROR: Choice without options
      }
      field {
        name    = "d"
        type    = "text"
        label   = "D"
        options = ["x"] # ERROR: Options without a choice
      }
      field {
        name    = "e"
        type    = "email"
        label   = "E"
        options = [contact.plan] # ERROR: Options without a choice
      }
      field {
        name    = "f"
        type    = "choice"
        label   = "F"
        options = ["x", null] # ERROR: Null value
      }
      field {
        name    = "g"
        type    = contact.plan
        label   = "G"
        options = ["x"]
      }
      field {
        name    = "i"
        type    = "text"
        label   = "I"
        options = split(",", contact.plan)
      }
      field {
        name    = "j"
        type    = "text"
        label   = "J"
        options = local.two # ERROR: Options without a choice
      }
      field {
        name    = "k"
        type    = "choice"
        label   = "K"
        options = try(contact.plan == "" ? null : null, null)
      }
      field {
        name    = "h"
        type    = "long_text"
        label   = "H"
        options = []
      }
    }
  }
}

locals {
  two = ["x", "y"]
}
