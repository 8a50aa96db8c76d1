contact "a" {
  first_name = "Jörg" # ERROR: Invalid character encoding
}
