contact "a" {
  key = "b" # ERROR: Conflicting key
}
