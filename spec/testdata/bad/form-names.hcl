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
      field {
        name  = "plan"
        type  = "text"
        label = "A"
      }
      feild { # ERROR: Unsupported block type
        name = "plan"
      }
      field {
        name  = contact.plan
        type  = "text"
        label = "B"
      }
      field {
        name  = local.plan # ERROR: Field named twice
        type  = "email"
        label = "C"
      }
      field {
        name  = "Plan"
        type  = "email"
        label = "C"
      }
      field {
        name  = "${"plan"}" # ERROR: Field named twice
        type  = "email"
        label = "C"
      }
    }
  }
}

locals {
  plan = "plan"
}
