provider "maax" {}
contact "ada" {
  first_name = "Ada"
  facebook   = ["a", "b"]
}
conversation "a" { # ERROR: Wrong type of value
  provider = maax
  with     = contact.ada
  platform = "sms"
}
conversation "b" {
  provider = maax
  with     = contact.ada
  platform = "sms"
  prospect_info {
    first_name = contact.first_name
  }
}
