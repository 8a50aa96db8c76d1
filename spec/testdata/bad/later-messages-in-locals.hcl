locals {
  x = messages.offer.reply # ERROR: Not supported by this version
}
