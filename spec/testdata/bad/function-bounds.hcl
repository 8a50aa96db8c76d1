locals {
  a = format("%99999999d", 1) # ERROR: Invalid function argument
  b = indent(1000000000, "x") # ERROR: Invalid function argument
  c = parseint("x", 10) # ERROR: Invalid function argument
  d = tonumber("1e600000000") # ERROR: Error in function call
  e = pow(-1, 0.5) # ERROR: Error in function call
  f = jsondecode("[1e600000000]") # ERROR: Error in function call
  g = range(0, 100000) # ERROR: Error in function call
  h = jsondecode("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[") # ERROR: Invalid function argument
}
