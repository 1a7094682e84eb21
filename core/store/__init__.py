"""Where contacts are kept: SQLite or PostgreSQL behind one set of functions. Nothing but values leaves this package.

Both databases run the same SQL, written with `:name` parameters. SQLModel declares the schema (`schema`) and alembic
brings a book up to it (`engine.migrations`); SQLite is driven by the standard library, since SQLAlchemy's import alone
takes longer than the first screen may, PostgreSQL through SQLAlchemy's async engine.

The rooms, from the bottom up: `engine` (the databases and their files), `contacts` (with groups and invitations),
`accounts`, `lists` (with search), `journal` (with undo), `duplicates`, `cleanup`, `repair`. None knows one above it.
"""
