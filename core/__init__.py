"""The address book itself: values, storage, search, import and sync. It knows no screen and no network SDK."""
