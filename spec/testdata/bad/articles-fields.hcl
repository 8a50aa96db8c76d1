provider "avaamo" {}
provider "chatwoot" {}

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
    articles { # ERROR: Content kind not supported by provider # ERROR: Missing required argument
      article { # ERROR: Missing required argument
        title       = "x"
        description = null
        link { # ERROR: Unsupported block type
        }
      }
      article {
        title = null # ERROR: Null value
        url   = "x"
      }
    }
  }
}

conversation "desk" {
  provider        = chatwoot
  with            = contacts.people
  conversation_id = 1
}

sequence "t" {
  conversation = conversation.desk
  message "m" {
    articles { # ERROR: Content without blocks
      title = "Help"
    }
  }
  message "n" {
    list { # ERROR: Content kind not supported by provider
      item {
        title = "x"
      }
    }
  }
}
