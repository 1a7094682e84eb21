"""Contacts and groups in the database: reading them, and each kind of change of them."""
