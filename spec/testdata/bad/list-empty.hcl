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
    list { # ERROR: Content without blocks
    }
  }
  message "b" {
    list { # ERROR: Content without blocks
      items { # ERROR: Unsupported block type
      }
    }
  }
  message "c" {
    list {
      item = { title = "x" } # ERROR: Unsupported argument
    }
  }
}
