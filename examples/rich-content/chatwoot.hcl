sequence "chatwoot" {
  conversation = conversation.website

  message "text" {
    text = "Hi ${contact.first_name}, your tea is on its way."
  }

  message "note" {
    text = "Told her that the tea is late."

    # A note for the team: the person never sees it.
    chatwoot {
      private = true
    }
  }

  message "quick_replies" {
    quick_replies {
      title   = "Which tea shall it be, ${contact.first_name}?"
      replies = ["Green", "Black", "None today"]
    }
  }

  message "cards" {
    cards {
      title = "Two more, ${contact.first_name}"

      card {
        title       = "Earl Grey"
        description = "With oil of bergamot."
        image_url   = "${local.shop}/earl-grey.jpg"

        link {
          type  = "url"
          title = "See it"
          value = "${local.shop}/earl-grey"
        }
      }

      card {
        title     = "Sencha"
        image_url = "${local.shop}/sencha.jpg"

        link {
          type  = "reply"
          title = "Put it aside"
          value = "Please put a Sencha aside for me"
        }
      }
    }
  }

  message "form" {
    form {
      title = "How was your order?"

      field {
        name     = "stars"
        type     = "choice"
        label    = "How many stars?"
        options  = ["1", "2", "3", "4", "5"]
        required = true
      }

      field {
        name  = "remark"
        type  = "long_text"
        label = "What could be better?"
      }

      field {
        name  = "reply_to"
        type  = "email"
        label = "Where may we answer?"
      }

      field {
        name  = "nickname"
        type  = "text"
        label = "How shall we call you?"
      }
    }
  }

  message "articles" {
    articles {
      title = "Before you brew"

      article {
        title       = "How hot?"
        description = "The right temperature for each tea."
        url         = "https://help.example.com/temperature"
      }

      article {
        title = "How long?"
        url   = "https://help.example.com/time"
      }
    }
  }

  message "native" {
    native = {
      content      = "Which address shall we write to?"
      content_type = "input_email"
    }
  }
}
