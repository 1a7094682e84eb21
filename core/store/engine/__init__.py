"""The databases themselves: opening, driving, migrating, copying them, and what happens to their files."""
