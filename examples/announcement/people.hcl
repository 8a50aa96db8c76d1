contacts "customers" {
  source = "customers.csv"
  key    = "id"
}

contacts "opted_out" {
  source = "optouts.csv"
  key    = "id"
}

# We write to ourselves too, to see what customers see.
contact "office" {
  first_name   = "Office"
  phone        = "+442079460000"
  plan         = "gold"
  viber_id     = "b2ZmaWNlLXZpYmVyLWlkLTE="
  email        = "office@example.com"
  locale       = "en-GB"
  conversation = 1
  assistant    = "0d5d2f6a3c9b4f70a1e8c4b6d2f01a3c"
}

audience "subscribers" {
  include   = [contact.office, contacts.customers]
  exclude   = [contacts.opted_out]
  unique_by = contact.phone
}

conversation "viber" {
  provider   = heyx
  with       = audience.subscribers
  contact_id = contact.viber_id
}

conversation "desk" {
  provider        = digital99
  with            = audience.subscribers
  conversation_id = contact.conversation
}

# The assistant in our web shop.
conversation "assistant" {
  provider = avaamo
  with     = audience.subscribers
  uuid     = contact.assistant
}

# Maax AI does not write to people: it is asked in their words and answers to us. Who they are is taken from the contact.
conversation "adviser" {
  provider = maax
  with     = audience.subscribers
  platform = "email"
}
