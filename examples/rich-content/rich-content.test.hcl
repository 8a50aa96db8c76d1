run "every_kind_is_carried" {
  assert {
    condition     = run.refused == 0 && run.sent == run.planned
    error_message = "${run.refused} refused, ${run.sent} of ${run.planned} sent."
  }

  assert {
    condition     = jsonencode(received) == jsonencode({ avaamo = 7, chatwoot = 7, digital99 = 6, heyx = 5, maax = 0 })
    error_message = "The vendors received ${jsonencode(received)}."
  }

  assert {
    condition     = alltrue([for provider in ["avaamo", "chatwoot", "digital99", "heyx"] : strcontains(sends["${provider}.quick_replies"]["ada"].text, "[Green] [Black] [None today]")])
    error_message = "Ada may choose among three teas, wherever she is asked."
  }
}

run "once" {
  after = "1d"

  assert {
    condition     = run.planned == 0 && run.kept == 0
    error_message = "Each is sent once."
  }
}
