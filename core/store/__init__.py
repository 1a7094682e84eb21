"""Where contacts are kept: SQLite or PostgreSQL behind one set of functions. Nothing but values leaves this package.

Both databases run the same SQL, written with `:name` parameters. SQLModel declares the schema (`tables`) and alembic
brings a book up to it (`migrations`); SQLite is driven by the standard library, since SQLAlchemy's import alone takes
longer than the first screen may, PostgreSQL through SQLAlchemy's async engine.
"""
