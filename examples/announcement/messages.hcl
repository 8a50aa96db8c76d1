# Everyone who did not opt out reads the news on Viber.
sequence "launch" {
  conversation = conversation.viber

  message "news" {
    text = "Hi ${contact.first_name}, ${var.product} is here on ${local.day}. See what is new: ${local.link}"
  }
}

# Customers of the gold plan are invited by their own support desk.
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

# Teams that read English are shown around by the assistant.
sequence "tour" {
  conversation = conversation.assistant
  where        = contact.plan == "team" && startswith(contact.locale, "en-")

  message "highlights" {
    cards {
      title = "${contact.first_name}, this is new in ${var.product}"

      card {
        title       = "Shared boards"
        description = "One board for the whole team, with a history of who changed what."
        image_url   = "https://example.com/boards.png"

        link {
          type  = "url"
          title = "Read more"
          value = local.link
        }
      }

      card {
        title = "Ask the team"

        link {
          type  = "reply"
          title = "Book a demo"
          value = "I would like a demo of ${var.product}"
        }
      }
    }
  }
}

# For each customer of the gold plan, the adviser drafts an answer to what they will ask first.
sequence "advice" {
  conversation = conversation.adviser
  where        = contact.plan == "gold"

  message "first_steps" {
    text = "I have just got ${var.product}. What should I try first?"
  }
}
