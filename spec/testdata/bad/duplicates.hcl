variable "v" { # WARNING: Unused variable
  default = 1
}
variable "v" { # ERROR: Duplicate declaration
  default = 2
}
locals {
  a = 1
}
locals {
  a = 2 # ERROR: Duplicate declaration
}
provider "heyx" {}
provider "heyx" {} # ERROR: Duplicate declaration
provider "heyx" {
  alias = "b"
}
provider "heyx" { # ERROR: Duplicate declaration
  alias = "b"
}
contact "ada" {}
contact "ada" {} # ERROR: Duplicate declaration
audience "x" {
  include = [contact.ada]
}
audience "x" { # ERROR: Duplicate declaration
  include = [contact.ada]
}
herald {}
herald {} # ERROR: Duplicate declaration
