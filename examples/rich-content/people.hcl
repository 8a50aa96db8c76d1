# Every kind of content that each provider carries, sent to one person: what a pull request about a new message looks like,
# and a page to copy from.
#
#   herald -chdir=examples/rich-content plan -sandbox -samples=1
#   herald -chdir=examples/rich-content apply -sandbox

# Tokens come from the environment: HEYX_TOKEN, AVAAMO_ACCESS_TOKEN, DIGITAL99_API_ACCESS_TOKEN, CHATWOOT_API_ACCESS_TOKEN.
provider "heyx" {}

provider "avaamo" {
  bot_id = 2154
}

provider "digital99" {
  account_id = 7
}

provider "chatwoot" {
  account_id = 3
}

contact "ada" {
  first_name = "Ada"
  email      = "ada@example.com"
  heyx_id    = "1776025372480910"
  uuid       = "1faa40c8253e65aa02bfd02fd8643d35"
  desk       = 1042
}

conversation "phone" {
  provider   = heyx
  with       = contact.ada
  contact_id = contact.heyx_id
}

conversation "assistant" {
  provider = avaamo
  with     = contact.ada
  uuid     = contact.uuid
}

conversation "desk" {
  provider        = digital99
  with            = contact.ada
  conversation_id = contact.desk
}

conversation "website" {
  provider        = chatwoot
  with            = contact.ada
  conversation_id = contact.desk
}

locals {
  shop = "https://shop.example.com"
}
