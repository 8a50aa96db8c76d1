provider "heyx" {}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "viber" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyx_id
}

sequence "s" {
  conversation = conversation.viber
  message "a" {
    text = "hi"
  }
  message "b" {
    when = messages.a.sent_at < "2026-12-01" # ERROR: Fact compared as a number
    text = "hi"
  }
  message "c" {
    when = 5 <= messages.a.reply # ERROR: Fact compared as a number
    text = "hi"
  }
  message "d" {
    when = messages.a.replied > 0 # ERROR: Fact compared as a number
    text = "hi"
  }
  message "e" {
    when = try(tonumber(messages.a.reply), 0) > 5 && timecmp(messages.a.sent_at, "2026-12-01T09:00:00Z") < 0
    text = "hi"
  }
}
