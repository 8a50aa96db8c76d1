locals {
  a = file("nowhere.txt") # ERROR: Invalid function argument
}
