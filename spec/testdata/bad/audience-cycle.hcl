audience "a" {
  include = [audience.b]
}
audience "b" {
  include = [audience.c]
}
audience "c" {
  include = [audience.a] # ERROR: Cycle in audiences
}
