locals { # ERROR: Unclosed configuration block
  x = 1
