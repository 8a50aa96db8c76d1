variable "region" {
  default = 1
}
locals {
  a = var.region
  b = var.regoin # ERROR: Reference to undeclared name
  c = var        # ERROR: Reference to undeclared name
  d = var["region"] # ERROR: Reference to undeclared name
}
