locals {
  x = = 1 # ERROR: Invalid expression
}
