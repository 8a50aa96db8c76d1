locals {
  a = file("../secret.txt") # ERROR: Invalid function argument
  b = file("/etc/passwd") # ERROR: Invalid function argument
}
