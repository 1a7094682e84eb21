"""What a list of commands says of those whose first sentence does not fit into a line of it."""

from __future__ import annotations

from typing import Any, Final

_BRIEFS: Final = {
    "list": "List contacts, one a line.",
    "restore": "Restore contacts from the Bin.",
    "import": "Import contacts from a file, or from standard input.",
    "restore-backup": "Replace the book with a copy that was made before.",
    "query": "Find addresses, as mutt, neomutt and aerc ask for them.",
    "delete": "Move contacts to the Bin, or delete forever what is there.",
    "facets": "Count the commonest companies, domains, groups, accounts.",
    "export": "Export contacts as CSV, vCard, JSON, for Google, Outlook.",
    "birthdays": "List the next birthdays, or write a calendar of them.",
    "disconnect": "Disconnect an account, and keep or remove its contacts.",
    "undo": "Undo your last change, or several.",
    "redo": "Redo what you undid last, or several.",
    "history": "Show what was changed, the latest first.",
    "doctor": "Show where every file is, and whether all is well.",
    "completion": "Print the script that lets a shell complete at tab.",
    "groups": "List, create, rename, merge or delete groups.",
    "groups merge": "Merge groups: their members join the one that stays.",
    "searches": "List, save, rename, move or delete saved searches.",
    "searches rename": "Give a saved search another name.",
    "duplicates": "List contacts that may be duplicates, and merge them.",
    "duplicates not-same": "Remember that contacts are not the same.",
    "cleanup": "List what could be cleaned up in the book, and clean it up.",
    "cleanup dismiss": "Do not propose something again.",
    "invitation list": "List to what contacts were invited, and who answered.",
    "accounts places": "List the address books and folders of accounts.",
    "mail password": "Ask for the password of your mail server, and keep it.",
}


def give(command: Any, path: str = "") -> None:
    """Give these to a command that typer runs, and to those within it."""
    command.short_help = _BRIEFS.get(path, command.short_help)
    for name, inner in getattr(command, "commands", {}).items():
        give(inner, f"{path} {name}".strip())
