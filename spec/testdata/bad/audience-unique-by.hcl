contacts "people" {
  source = "people.csv"
  key    = "id"
}
audience "a" {
  include   = [contacts.people]
  unique_by = contact.fone # ERROR: Unknown attribute of contact
}
audience "b" {
  include   = [contacts.people]
  unique_by = "phone" # ERROR: Value is the same for everyone
}
