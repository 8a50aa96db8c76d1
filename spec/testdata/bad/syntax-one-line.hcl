contact "a" { first_name = "Ada", email = "a@b.c" } # ERROR: Invalid single-argument block definition
