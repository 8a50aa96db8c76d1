variable "v" { # WARNING: Unused variable
  type    = strin # ERROR: Invalid type specification
  default = "x"
}
