locals {
  a = 1 + "x" # ERROR: Invalid operand
  b = local.a
}
