audience "a" "b" { # ERROR: Wrong number of labels
}
