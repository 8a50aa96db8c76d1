run "every_kind_is_carried" {
  assert {
    condition     = run.refused == 0 && run.sent == run.planned
    error_message = "${run.refused} refused, ${run.sent} of ${run.planned} sent."
  }
}
