# A product announcement to 500 customers, over four providers.
#
#   herald -chdir=examples/announcement plan -sandbox
#   herald -chdir=examples/announcement apply -sandbox

herald {
  required_version = ">= 0.1.0"
}

variable "heyx_token" {
  type        = string
  sensitive   = true
  description = "HeyX channel token of our Viber channel"
}

variable "digital99_token" {
  type        = string
  sensitive   = true
  description = "99digital API key of the user who writes"
}

variable "avaamo_token" {
  type        = string
  sensitive   = true
  description = "Avaamo access token of the user who writes"
}

variable "maax_key" {
  type        = string
  sensitive   = true
  description = "Maax AI API key"
}

variable "product" {
  type        = string
  default     = "Atlas 4"
  description = "What is announced"

  validation {
    condition     = length(var.product) > 0
    error_message = "Say what is announced."
  }
}

locals {
  day  = "Thursday, 3 December"
  link = "https://example.com/${lower(replace(var.product, " ", "-"))}"
}

provider "heyx" {
  token   = var.heyx_token
  channel = "viber"
}

provider "digital99" {
  api_access_token = var.digital99_token
  account_id       = 7
}

provider "avaamo" {
  access_token = var.avaamo_token
  bot_id       = 2154
}

# {token} becomes a token of its own for each question, so that an answer can be told from every other.
provider "maax" {
  api_key           = var.maax_key
  ai_id             = 31
  send_response_url = "https://hooks.example.com/maax/answer/{token}"
  followup_url      = "https://hooks.example.com/maax/followup/{token}"
}
