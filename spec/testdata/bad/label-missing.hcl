variable { # ERROR: Wrong number of labels
}
