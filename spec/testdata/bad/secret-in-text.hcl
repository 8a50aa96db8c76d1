variable "token" {
  sensitive = true
  default   = "s3cret"
}
provider "heyx" {
  token = var.token
}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "viber" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyx_id
}

sequence "s" {
  conversation = conversation.viber
  message "m" {
    text = "${var.token}" # ERROR: Sensitive value in the wrong place
  }
}
