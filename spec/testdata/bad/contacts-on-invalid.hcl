contacts "p" {
  source     = "people.csv"
  key        = "id"
  on_invalid = "skipp" # ERROR: Invalid value
}
