"""The terminal front end: the full-screen program and the command line."""
