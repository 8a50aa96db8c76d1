conversation "c" { # ERROR: Missing required argument # ERROR: Missing required argument
}
