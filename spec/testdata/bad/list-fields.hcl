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
      style = "huge" # ERROR: Invalid value
      title = "Plans" # ERROR: Unsupported argument
      item { # ERROR: Missing required argument
        subtitle  = "x"
        image-url = "https://x.example/a.png" # ERROR: Unsupported argument
        link { # ERROR: Missing required argument # ERROR: Missing required argument
          type = "phone" # ERROR: Invalid value
        }
      }
    }
  }
}
