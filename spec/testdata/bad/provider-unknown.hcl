provider "heyxx" {} # ERROR: Unknown provider
