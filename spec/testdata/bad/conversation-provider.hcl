contacts "people" {
  source = "people.csv"
  key    = "id"
}
provider "heyx" {}
conversation "a" {
  provider = "heyx" # ERROR: Wrong kind of reference
  with     = contacts.people
}
conversation "b" {
  provider = heyxx # ERROR: Reference to undeclared name
  with     = contacts.people
}
conversation "c" {
  provider = heyx.second # ERROR: Reference to undeclared name
  with     = contacts.people
}
conversation "d" {
  provider = contacts.people # ERROR: Wrong kind of reference
  with     = contacts.people
}
