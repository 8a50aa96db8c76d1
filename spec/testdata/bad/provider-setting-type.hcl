provider "chatwoot" {
  account_id = "many" # ERROR: Wrong type of value
}
provider "chatwoot" {
  alias      = "b"
  account_id = 1.5 # ERROR: Invalid value
}
