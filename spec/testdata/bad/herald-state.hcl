herald {
  state "s3" { # ERROR: Unknown state type
    path = "x"
  }
}
