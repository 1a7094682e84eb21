"""Why a command cannot be used now: each function gives a sentence, empty if it can be used."""

from __future__ import annotations

from coterie.tui.actions.command import Place, Situation


def needs_row(now: Situation) -> str:
    """There must be something under the cursor."""
    return "" if now.row else "There is nothing under the cursor."


def needs_rows(now: Situation) -> str:
    """The list must show something."""
    return "" if now.row else "There is nothing here to check."


def needs_group(now: Situation) -> str:
    """There must be a group under the cursor."""
    if now.place is Place.SIDEBAR:
        return "" if now.row else "The cursor is not on a group."
    return needs_row(now)


def needs_open_group(now: Situation) -> str:
    """There must be a group; in the list of its members it is there in any case."""
    return "" if now.place is Place.MEMBERS else needs_group(now)


def needs_search(now: Situation) -> str:
    """Something must be searched for; in the field it counts from the start, so that no letter changes the footer."""
    return "" if now.searching or now.typing else "Nothing is searched for."


def needs_bin(now: Situation) -> str:
    """There must be contacts in the Bin."""
    return "" if now.binned else "The Bin is empty."


def needs_target(now: Situation) -> str:
    """Something must be checked or under the cursor."""
    if now.place is Place.SIDEBAR:
        return needs_group(now)
    return "" if now.checked or now.row else "Nothing is checked, and there is nothing under the cursor."


def copies(now: Situation) -> str:
    """There must be something to copy, and a clipboard."""
    return can_copy(now) or needs_target(now)


def can_copy(now: Situation) -> str:
    """The clipboard must be allowed."""
    return "" if now.clipboard else "The clipboard is turned off in the settings (clipboard)."


def needs_editor(now: Situation) -> str:
    """An editor must be allowed, and something to edit."""
    return "This account is restricted: it has no editor." if now.restricted else needs_target(now)


def needs_shell(now: Situation) -> str:
    """A shell must be allowed."""
    return "This account is restricted: it has no shell." if now.restricted else ""


def needs_own_screen(now: Situation) -> str:
    """The account must not be bound to this book."""
    return "This account is restricted: it has this book only." if now.restricted else ""


def needs_account(now: Situation) -> str:
    """There must be an account under the cursor."""
    return "" if now.row else "There is no account under the cursor."


def can_sync(now: Situation) -> str:
    """There must be an account that is not being synced."""
    return "It is being synced." if now.syncing else needs_account(now)


def needs_places(now: Situation) -> str:
    """The account must have places to choose from."""
    return can_sync(now) or ("" if now.places else "This account has no address books or folders to choose from.")


def needs_sync(now: Situation) -> str:
    """The account must be being synced."""
    return "" if now.syncing else "It is not being synced."


def needs_conflicts(now: Situation) -> str:
    """The account must have conflicts."""
    return "" if now.conflicts else "There are no conflicts."


def needs_refused(now: Situation) -> str:
    """The account must have refused something."""
    return "" if now.refused else "Nothing is refused there."


def needs_unreadable(now: Situation) -> str:
    """The account must have sent something unreadable."""
    return "" if now.unreadable else "Everything could be read."


def needs_left_out(now: Situation) -> str:
    """Something of the account must be left out."""
    return "" if now.left_out else "Nothing of this account is left out."


def needs_sources(now: Situation) -> str:
    """An account must know the contact."""
    return "" if now.sources else "No account knows this contact."
