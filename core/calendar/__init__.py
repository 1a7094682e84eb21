"""iCalendar (RFC 5545): what calendars and mail programs read."""
