sequence "avaamo" {
  conversation = conversation.assistant

  message "text" {
    text = "Hi ${contact.first_name}, your tea is on its way."

    avaamo {
      force_locale = "en"
    }
  }

  message "quick_replies" {
    quick_replies {
      title   = "Which tea shall it be, ${contact.first_name}?"
      replies = ["Green", "Black", "None today"]
    }
  }

  message "list" {
    list {
      style = "compact"

      item {
        title     = "Earl Grey"
        subtitle  = "Black, with bergamot"
        image_url = "${local.shop}/earl-grey.jpg"

        link {
          type  = "url"
          title = "See it"
          value = "${local.shop}/earl-grey"
        }
      }

      item {
        title    = "Sencha"
        subtitle = "Green"

        link {
          type  = "reply"
          title = "Two packs, please"
          value = "sencha 2"
        }
      }
    }
  }

  # One card without a title above it is a card; several are a carousel.
  message "card" {
    cards {
      card {
        title       = "Tea of the month"
        description = "Darjeeling, first flush."
        image_url   = "${local.shop}/darjeeling.jpg"

        link {
          type  = "url"
          title = "See it"
          value = "${local.shop}/darjeeling"
        }
      }
    }
  }

  message "carousel" {
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

  message "native" {
    native = {
      quick_reply = {
        content = "When shall we deliver?"
        links   = [{ type = "date", title = "Pick a day", format = "DD/MM/YYYY" }]
      }
    }
  }
}
