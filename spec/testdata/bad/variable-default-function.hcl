variable "v" {
  default = upper("x") # ERROR: Function calls not allowed
}
locals {
  x = var.v
}
