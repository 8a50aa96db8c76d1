conversation "1st place" { # ERROR: Invalid name
}
