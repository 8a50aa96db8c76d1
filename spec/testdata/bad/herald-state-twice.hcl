herald {
  state "local" {
  }
  state "local" { # ERROR: Duplicate declaration
  }
}
