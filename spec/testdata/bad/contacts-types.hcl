contacts "p" {
  source = "people.csv"
  key    = "id"
  types = {
    age  = integer # ERROR: Invalid types
    ages = number  # ERROR: Unknown column
    plan = "string" # ERROR: Invalid types
  }
}
contacts "q" {
  source = "people.csv"
  key    = "id"
  types  = "number" # ERROR: Invalid types
}
