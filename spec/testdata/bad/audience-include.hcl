audience "a" { # ERROR: Missing required argument
}
audience "b" {
  include = [] # ERROR: Empty list
}
