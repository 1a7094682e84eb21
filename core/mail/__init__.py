"""Mail to people of the book: addresses, messages, and the ways to send them."""
