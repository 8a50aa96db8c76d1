contacts "people" {
  source = "people.csv"
  key    = "id"
}
contact "bob" {
  nick = "B"
}
provider "heyx" {}
conversation "c" {
  provider   = heyx
  with       = [contacts.people, contact.bob]
  contact_id = contact.heyx_id
}
sequence "s" {
  conversation = conversation.c
  message "m" {
    text = "${contact.nick} ${contact.nack} ${contact.key}" # ERROR: Unknown attribute of contact
  }
}
