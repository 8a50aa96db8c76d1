variable "token" {
  sensitive = true
  default   = "s3cret"
}
locals {
  header = "Bearer ${var.token}"
  shout  = upper(local.header)
}
provider "heyx" {
  token = local.header
}
contact "a" {
  email = var.token # ERROR: Sensitive value in the wrong place
  phone = local.shout # ERROR: Sensitive value in the wrong place
}
