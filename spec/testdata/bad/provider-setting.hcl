provider "heyx" {
  tokn    = "x" # ERROR: Unsupported argument
  channel = "vibr" # ERROR: Invalid value
}
