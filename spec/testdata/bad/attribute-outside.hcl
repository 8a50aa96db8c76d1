x = 1 # ERROR: Unsupported argument
