locals {
  a = uper("x") # ERROR: Call to unknown function
  b = timestamp() # ERROR: Call to unknown function
}
