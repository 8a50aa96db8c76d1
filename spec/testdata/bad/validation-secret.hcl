variable "v" {
  default   = "moon"
  sensitive = true
  validation {
    condition     = length(var.v) > 10
    error_message = "${var.v} is too short." # ERROR: Sensitive value in the wrong place
  }
}
provider "heyx" {
  token = var.v
}
