variable "token" {
  sensitive = true
  default   = "s3cret"
}
provider "chatwoot" {
  account_id = parseint(var.token, 10) # ERROR: Invalid function argument
}
