contacts "p" {
  source = "people.csv"
  key    = "id"
  where  = contact.plan == "gold" && true != (contact["phone"]) # ERROR: Text compared with another type
}
