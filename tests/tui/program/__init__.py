"""The whole program, in a terminal."""
