contacts "p" {
  source = "people.csv"
  key    = "id"
  where  = contact.age == 36 # ERROR: Text compared with another type
}
