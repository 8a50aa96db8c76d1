locals {
  a = 1 / 0         # ERROR: Operation failed
  b = 5 % 0         # ERROR: Operation failed
  c = floor(0 / 0)  # ERROR: Operation failed
}
