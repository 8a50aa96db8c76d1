contacts "people" {
  source = "people.csv"
  key    = "id"
}
contact "ada" {}
audience "a" {
  include = [contacts.peple, contact.people, contact.adda] # ERROR: Reference to undeclared name # ERROR: Reference to undeclared name # ERROR: Reference to undeclared name
}
