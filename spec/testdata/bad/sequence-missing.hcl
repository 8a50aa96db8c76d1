sequence "s" { # ERROR: Missing required argument # ERROR: Sequence without messages
}
