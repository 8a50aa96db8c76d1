contacts "p" {
  source = "people.csv"
  key    = "id"
  rename = "plan" # ERROR: Wrong type of value
}
