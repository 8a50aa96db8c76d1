contacts "p" {
  source = "people.csv"
  key    = "id"
  rename = { plan = "" } # ERROR: Empty value
}
