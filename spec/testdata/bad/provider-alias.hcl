provider "heyx" {
  alias = "a b" # ERROR: Invalid name
}
