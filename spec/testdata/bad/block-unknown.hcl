audiense "x" { # ERROR: Unsupported block type
}
