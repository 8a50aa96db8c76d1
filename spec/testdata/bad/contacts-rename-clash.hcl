contacts "p" {
  source = "people.csv"
  key    = "id"
  rename = { plan = "phone" } # ERROR: Duplicate column
}
