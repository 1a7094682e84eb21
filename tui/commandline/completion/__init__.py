"""Completion in bash, zsh and fish: `coterie completion SHELL` prints a script, which asks the program at each tab.

::

    line.py      the words of a line that is being typed, and what replaces the last of them
    words.py     which command, option or value the last word is
    values.py    the values: groups, searches, fields, formats, accounts …
    answer.py    what a shell is told
    coterie.*    the scripts
"""
