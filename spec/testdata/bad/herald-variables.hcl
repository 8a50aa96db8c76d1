variable "v" {
  default = "x"
}
herald {
  lineage = var.v # ERROR: Variables not allowed
}
