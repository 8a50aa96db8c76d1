contacts "p" {
  source = "people.csv"
  key    = "id"
  where  = ["x"] # ERROR: Wrong type of value
}
contacts "q" {
  source = "people.csv"
  key    = "id"
  where  = null # ERROR: Null value
}
