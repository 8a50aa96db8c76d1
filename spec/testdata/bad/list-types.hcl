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
      style = ["large"] # ERROR: Wrong type of value
      item {
        title     = null           # ERROR: Null value
        subtitle  = contact.nobody # ERROR: Unknown attribute of contact
        image_url = [contact.plan] # ERROR: Wrong type of value
        link {
          type  = null # ERROR: Null value
          title = "x"
          value = "x"
        }
        link {
          type  = "url"
          title = "x"
          value = { x = contact.plan } # ERROR: Wrong type of value
        }
      }
    }
  }
}
