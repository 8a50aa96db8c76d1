contact "a" {
  email = ["a@b.c"] # ERROR: Wrong type of value
}
