variable "v" {
  default = local.x # ERROR: Variables not allowed
}
locals {
  x = var.v
}
