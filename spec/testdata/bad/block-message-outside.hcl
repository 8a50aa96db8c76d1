message "x" { # ERROR: Unsupported block type
  text = "hi"
}
