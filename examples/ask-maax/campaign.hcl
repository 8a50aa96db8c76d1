# Questions that customers left in the shop's contact form, handed to Maax AI in the customers' words. Its answers come to
# a URL of ours; herald writes to nobody here.
#
#   herald -chdir=examples/ask-maax plan -sandbox
#   herald -chdir=examples/ask-maax apply -sandbox

provider "maax" {
  # The API key comes from the environment variable MAAX_API_KEY.
  ai_id             = 31
  send_response_url = "https://hooks.example.com/answers/{token}"
  followup_url      = "https://hooks.example.com/follow-ups/{token}"
}

contacts "visitors" {
  source = "questions.csv"
  key    = "id"
}

# Maax AI must know a first name and one way to reach the person; both are taken from the contact.
conversation "by_mail" {
  provider = maax
  with     = contacts.visitors
  platform = "email"
}

# Here the prospect is written out: the phone number stays with us.
conversation "by_text" {
  provider = maax
  with     = contacts.visitors
  platform = "sms"

  prospect_info {
    first_name = contact.first_name
    instagram  = contact.instagram
  }
}

sequence "answers" {
  conversation = conversation.by_mail
  where        = contact.channel == "mail"

  message "question" {
    text = contact.question
  }
}

sequence "short_answers" {
  conversation = conversation.by_text
  where        = contact.channel == "text"

  message "question" {
    text = contact.question

    maax {
      output_format = "plain_text"
    }
  }
}
