variable "v" {
  default = "moon"
  validation {
    condition     = contains(["eu", "us"], var.v) # ERROR: Invalid value for variable
    error_message = "The region is eu or us."
  }
}
locals {
  x = var.v
}
