contact "" { # ERROR: Invalid name
}
