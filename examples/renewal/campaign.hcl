# A renewal in three steps, at hours when people are awake: an offer, a reminder two days later for those who did not
# answer, and a last call. Each apply, say from cron every ten minutes, sends what is due by then.
#
#   herald -chdir=examples/renewal plan -sandbox
#   herald -chdir=examples/renewal plan -sandbox -now="2026-12-01T09:00:00Z"
#   herald -chdir=examples/renewal test

provider "digital99" {
  # The access token comes from the environment variable DIGITAL99_API_ACCESS_TOKEN.
  account_id = 7
}

contacts "members" {
  source = "members.csv"
  key    = "id"
}

contacts "opted_out" {
  source = "optouts.csv"
  key    = "id"
}

audience "renewing" {
  include = [contacts.members]
  exclude = [contacts.opted_out]
}

conversation "desk" {
  provider        = digital99
  with            = audience.renewing
  conversation_id = contact.conversation
}

sequence "renewal" {
  conversation = conversation.desk
  start        = "2026-12-01 09:00"
  until        = "2026-12-20 18:00"

  # Each person's own office hours.
  window {
    days     = ["mon", "tue", "wed", "thu", "fri"]
    from     = "09:00"
    to       = "18:00"
    timezone = contact.timezone
  }

  message "offer" {
    quick_replies {
      title   = "Hi ${contact.first_name}, your plan ends on ${contact.ends_on}. Shall we renew it?"
      replies = ["Yes", "Later"]
    }
  }

  message "reminder" {
    after = "2d"
    when  = !messages.offer.replied
    text  = "Hi ${contact.first_name}, just a reminder: your plan ends on ${contact.ends_on}."
  }

  message "last_call" {
    after = "1w"
    when  = !messages.offer.replied && !messages.reminder.replied
    text  = "${contact.first_name}, this is the last call for renewing. Answer here and we do the rest."
  }
}

policy "calm" {
  max_failure_rate = 0.05

  # Nobody hears from us more than twice a week, whatever the sequence.
  max_per_contact {
    count = 2
    per   = "1w"
  }
}
