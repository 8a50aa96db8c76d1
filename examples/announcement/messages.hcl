# Everyone who did not opt out reads the news on Viber.
sequence "launch" {
  conversation = conversation.viber

  message "news" {
    text = "Hi ${contact.first_name}, ${var.product} is here on ${local.day}. See what is new: ${local.link}"
  }
}

# Customers of the gold plan are invited by their own support desk. HeyX alone would take about 20 s for everybody, so
# the second and third message go to fewer people.
sequence "workshop" {
  conversation = conversation.desk
  where        = contact.plan == "gold"

  message "invitation" {
    quick_replies {
      title   = "${contact.first_name}, will you join our ${var.product} workshop on ${local.day}?"
      replies = ["I'll be there", "Not this time"]
    }
  }

  message "details" {
    text = "It starts at 15:00 UTC and takes an hour. The link follows on the day."

    digital99 {
      private = false
    }
  }
}
