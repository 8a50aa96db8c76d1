variable "v" {
  typ     = string # ERROR: Unsupported argument
  default = 1
}
locals {
  x = var.v
}
