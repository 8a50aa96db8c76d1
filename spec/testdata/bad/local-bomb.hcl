locals {
  a = replace(replace(replace(replace("aaaaaaaaaaaaaaaa", "", "aaaaaaaaaaaaaaaa"), "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") # ERROR: Error in function call
}
