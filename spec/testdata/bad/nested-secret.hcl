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
        link {
          type  = "url"
          title = "x"
          value = "https://x.example/${var.token}" # ERROR: Sensitive value in the wrong place
        }
      }
    }
  }
}

variable "token" {
  sensitive = true
  default   = "s3cret"
}
