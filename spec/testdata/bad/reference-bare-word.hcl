locals {
  a = gold # ERROR: Reference to undeclared name
  b = path.module # ERROR: Reference to undeclared name
}
