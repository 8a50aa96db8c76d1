contacts "p" {
  source = "people.csv"
  key    = "id" # ERROR: Key is not text
  types  = { id = number }
}
