contacts "people" {
  source = "people.csv"
  key    = "id"
}
audience "a" {
  include    = [contacts.people]
  exclude    = [contacts.people]
  exclude_by = ["key", "fone"] # ERROR: Invalid value
}
audience "b" {
  include    = [contacts.people]
  exclude    = [contacts.people]
  exclude_by = ["email"] # ERROR: Unknown attribute of contact
}
audience "c" {
  include    = [contacts.people]
  exclude_by = ["phone"] # ERROR: Missing required argument
}
audience "d" {
  include    = [contacts.people]
  exclude    = [contacts.people]
  exclude_by = [] # ERROR: Empty list
}
