variable "v" {
  sensitive = "maybe" # ERROR: Wrong type of value
  default   = 1
}
locals {
  x = var.v
}
