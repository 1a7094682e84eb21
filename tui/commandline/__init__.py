"""The command line. `start`, `funnel`, `book`, `session` and `query` do without typer; the others bring it."""
