contact "a" {
  email = "a@b.c"
  email = "d@e.f" # ERROR: Attribute redefined
}
