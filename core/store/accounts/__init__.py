"""Connected accounts: what they last said of a contact, refused and left out, and their places."""
