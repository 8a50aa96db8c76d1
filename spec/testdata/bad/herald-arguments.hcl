herald {
  required_versions = ">= 0.1" # ERROR: Unsupported argument
  lineage           = ""       # ERROR: Empty value
}
