sequence "heyx" {
  conversation = conversation.phone

  message "text" {
    text = "Hi ${contact.first_name}, your tea is on its way."

    heyx {
      force_cancel_survey = true
    }
  }

  message "image" {
    attachment {
      type = "image"
      url  = "${local.shop}/earl-grey.jpg"
    }
  }

  message "leaflet" {
    attachment {
      type = "file"
      url  = "${local.shop}/brewing.pdf"
    }
  }

  message "quick_replies" {
    quick_replies {
      title   = "Which tea shall it be, ${contact.first_name}?"
      replies = ["Green", "Black", "None today"]
    }
  }

  message "native" {
    native = {
      type = "text"
      text = "The message object of HeyX, as its page shows it."
    }
  }
}
