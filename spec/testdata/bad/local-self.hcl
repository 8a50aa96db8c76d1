locals {
  a = "${local.a}!" # ERROR: Cycle in locals
}
