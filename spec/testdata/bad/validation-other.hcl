variable "v" {
  default = "moon"
  validation {
    condition     = local.x == "y" # ERROR: Invalid reference in validation
    error_message = "No."
  }
  validation {
    condition     = true # ERROR: Invalid reference in validation
    error_message = "No."
  }
  validation { # ERROR: Missing required argument
    condition = var.v == "x"
  }
}
locals {
  x = var.v
}
