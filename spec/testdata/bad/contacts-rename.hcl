contacts "p" {
  source = "people.csv"
  key    = "id"
  rename = {
    frist_name = "name" # ERROR: Unknown column
  }
}
