variable "least" {
  default = 18
}
contacts "p" {
  source = "people.csv"
  key    = "id"
  where  = contact.age != var.least # ERROR: Text compared with another type
}
