variable "v" {
  type    = number
  default = "many" # ERROR: Invalid default value
}
locals {
  x = var.v
}
