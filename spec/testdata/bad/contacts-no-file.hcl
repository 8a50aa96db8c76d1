contacts "p" {
  source = "nobody.csv" # ERROR: Source file cannot be read
  key    = "id"
}
