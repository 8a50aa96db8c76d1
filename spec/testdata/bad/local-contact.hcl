locals {
  a = contact.name # ERROR: No person at hand
}
