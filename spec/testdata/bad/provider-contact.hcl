provider "heyx" {
  token = contact.token # ERROR: No person at hand
}
