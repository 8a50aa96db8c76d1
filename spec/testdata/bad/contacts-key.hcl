contacts "p" {
  source = "people.csv"
  key    = "idd" # ERROR: Unknown column
}
