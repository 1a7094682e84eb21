"""Contacts in and out of files: CSV, vCard and JSON."""
