variable "v" { # ERROR: No value for required variable
  type = string
}
locals {
  x = var.v
}
