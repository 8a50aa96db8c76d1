locals {
  a = 1e99999 # ERROR: Number out of range
  b = "${"1e600000000" * 1}" # ERROR: Operation failed
}
