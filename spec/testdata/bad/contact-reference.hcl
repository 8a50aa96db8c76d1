contact "a" {
  email = contact.mail # ERROR: No person at hand
  name { # ERROR: Unsupported block type
  }
}
