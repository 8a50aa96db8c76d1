contacts "p" {
  source = "people.xlsx" # ERROR: Unsupported file type
  key    = "id"
}
