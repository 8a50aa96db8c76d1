variable "v" { # WARNING: Unused variable
  default = 1
}
