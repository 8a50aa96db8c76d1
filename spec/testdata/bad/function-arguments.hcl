locals {
  a = upper() # ERROR: Not enough function arguments
  b = upper("a", "b") # ERROR: Too many function arguments
  c = upper([]) # ERROR: Invalid function argument
}
