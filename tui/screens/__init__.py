"""The screens: the four views, a group's members, one contact, Sync contacts, and what lies over them."""
