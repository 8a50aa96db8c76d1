contacts "p" { # ERROR: Missing required argument # ERROR: Missing required argument
}
