variable "v" {
  default  = null # ERROR: Invalid default value
  nullable = false
}
locals {
  x = var.v
}
