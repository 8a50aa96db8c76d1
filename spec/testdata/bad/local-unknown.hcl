locals {
  greeting = "hi"
  b        = local.greting # ERROR: Reference to undeclared name
}
