contacts "p" {
  source = "people.csv"
  key    = "id"
  where  = contact.paln == "gold" # ERROR: Unknown attribute of contact
}
