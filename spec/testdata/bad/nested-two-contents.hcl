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
    list {
      item {
        title = "x"
      }
    }
    cards { # ERROR: More than one content
      card { # ERROR: Missing required argument
      }
    }
  }
}
