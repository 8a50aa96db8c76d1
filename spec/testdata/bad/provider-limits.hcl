provider "heyx" {
  limits {
    requests    = 0 # ERROR: Invalid value
    per         = "1x" # ERROR: Invalid duration
    concurrency = 1.5 # ERROR: Invalid value
    timeout     = "-1s" # ERROR: Invalid value
    jitter      = 10 # ERROR: Invalid duration
    stop_after  = "no" # ERROR: Wrong type of value
    burst       = 5 # ERROR: Unsupported argument
  }
  limits { # ERROR: Duplicate declaration
  }
  retry {
    max_attempts = 0 # ERROR: Invalid value
    min_backoff  = "0s" # ERROR: Invalid value
  }
}
provider "heyx" {
  alias = "b"
  retry {
    min_backoff = "2m"
    max_backoff = "1m" # ERROR: Invalid value
  }
  limit { # ERROR: Unsupported block type
  }
}
