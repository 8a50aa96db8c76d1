contacts "people" {
  source = "people.csv"
  key    = "id"
}
audience "a" {
  include = [contacts.people]
  exclude = [audience.a] # ERROR: Cycle in audiences
}
