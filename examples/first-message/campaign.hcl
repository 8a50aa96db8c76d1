# One message to one person. Try it without sending anything:
#
#   herald plan -sandbox
#   herald apply -sandbox

provider "heyx" {
  # The channel token comes from the environment variable HEYX_TOKEN.
}

contact "me" {
  first_name = "Ada"
  heyx_id    = "1776025372480910"
}

conversation "mine" {
  provider   = heyx
  with       = contact.me
  contact_id = contact.heyx_id
}

sequence "welcome" {
  conversation = conversation.mine

  message "hello" {
    text = "Hello ${contact.first_name}, this is herald."
  }
}
