policy "p" { # ERROR: Not supported by this version
  max_sends = 1
}
moved { # ERROR: Not supported by this version
}
