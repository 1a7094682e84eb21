"""Google Contacts through the People API, with google-api-python-client."""
