"""What a user can do: by theme, each command beside its function.

A function knows the screen that it is given only as a context; a screen that it opens is imported when it is opened.
"""
