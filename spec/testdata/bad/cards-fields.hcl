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
    cards {
      title = null
      card { # ERROR: Missing required argument
        description = null
        subtitle    = "x" # ERROR: Unsupported argument
      }
    }
  }
  message "b" {
    cards { # ERROR: Content without blocks
      title = "x"
      crad { # ERROR: Unsupported block type
      }
    }
  }
}
