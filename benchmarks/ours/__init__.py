"""What the floors are compared with: the program's own code, called as its commands call it."""
