herald {
  required_version = ">= 9.0" # ERROR: Unsupported herald version
}
nonsense {}
