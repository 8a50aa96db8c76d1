contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "c" {
  provider = maax # ERROR: Not supported by this version
  with     = contacts.people
}
