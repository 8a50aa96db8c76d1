# Questions that customers left in the shop's contact form: Maax AI is asked in the customers' words, its answer comes to a
# URL of ours, and leaves through HeyX.
#
#   herald -chdir=examples/ask-maax plan -sandbox
#   herald -chdir=examples/ask-maax apply -sandbox -auto-approve -watch
#   herald -chdir=examples/ask-maax test
#
# In the sandbox herald receives the answers itself. Else "herald listen" does, behind the address below.

provider "maax" {
  # The API key comes from the environment variable MAAX_API_KEY.
  ai_id             = 31
  send_response_url = "https://hooks.example.com/answers/{token}"
  followup_url      = "https://hooks.example.com/follow-ups/{token}"
}

provider "heyx" {
  # The channel token comes from the environment variable HEYX_TOKEN.
}

contacts "visitors" {
  source = "questions.csv"
  key    = "id"
}

# Maax AI must know a first name and one way to reach the person; both are taken from the contact.
conversation "adviser" {
  provider = maax
  with     = contacts.visitors
  platform = "email"
}

# Here the prospect is written out: the phone number stays with us.
conversation "adviser_by_text" {
  provider = maax
  with     = contacts.visitors
  platform = "sms"

  prospect_info {
    first_name = contact.first_name
    instagram  = contact.instagram
  }
}

conversation "chat" {
  provider   = heyx
  with       = contacts.visitors
  contact_id = contact.heyx_id
}

sequence "answers" {
  conversation = conversation.adviser
  where        = contact.channel == "mail"

  message "question" {
    text = contact.question
  }

  # This waits until the answer is there.
  message "answer" {
    conversation = conversation.chat
    text         = "Hi ${contact.first_name}, you asked us: ${contact.question}\n\n${messages.question.reply}"
  }
}

sequence "short_answers" {
  conversation = conversation.adviser_by_text
  where        = contact.channel == "text"

  message "question" {
    text = contact.question

    maax {
      output_format = "plain_text"
    }
  }

  message "answer" {
    conversation = conversation.chat
    text         = messages.question.reply
  }
}
