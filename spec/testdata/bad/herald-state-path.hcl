herald {
  state "local" {
    path = "" # ERROR: Empty value
    file = "x" # ERROR: Unsupported argument
  }
}
