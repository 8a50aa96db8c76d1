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
  message "a" { # ERROR: Message without content
    link { # ERROR: Unsupported block type
      type  = "url"
      title = "x"
      value = "https://x.example/"
    }
  }
  message "b" {
    list {
      link { # ERROR: Unsupported block type
      }
      item {
        title = "x"
        item { # ERROR: Unsupported block type
        }
        link = {} # ERROR: Unsupported argument
      }
    }
  }
  message "c" {
    cards {
      item { # ERROR: Unsupported block type
      }
      item = {} # ERROR: Unsupported argument
      card {
        title = "x"
        link {
          type  = "reply"
          title = "x"
          value = "x"
          link { # ERROR: Unsupported block type
          }
        }
      }
    }
  }
  message "d" {
    form {
      field {
        name  = "a"
        type  = "text"
        label = "A"
        options { # ERROR: Unsupported block type
        }
      }
    }
  }
}
