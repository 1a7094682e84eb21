"""A damaged book: what is wrong with it, what can be made anew or saved, and putting a copy back."""
