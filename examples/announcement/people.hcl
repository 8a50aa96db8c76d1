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
  conversation = 1
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
