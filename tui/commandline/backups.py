"""coterie backup and coterie restore-backup: verified copies of the book, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from coterie.core.backups import Backups, Copy, Restoring
from coterie.core.errors import InvalidInput
from coterie.core.store.repair.difference import Difference, Some
from coterie.core.text import number_of
from coterie.tui.commandline import output, paths
from coterie.tui.commandline.filters import DryRun, Yes
from coterie.tui.commandline.session import Session

_HEADINGS: Final = ("Copy", "Made", "Contacts", "Size")
_ENDING: Final = ".db"


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("backup")(backup)
    app.command("restore-backup")(restore_backup)


def backup(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Where the copy goes: a file or a folder.", show_default=False)
    ] = None,
) -> int:
    """Make a verified copy of the book, also while it is open. Without FILE, it goes into the folder of the copies."""
    session = Session.of(context)
    backups = _backups(session)
    target = paths.allowed(session.settings, file) if file else None
    made = session.run_alone(backups.make(target))
    output.say(f"Copied {number_of(made.contacts or 0)} to {made.path} ({_size(made)}). The copy is verified.")
    return 0


def restore_backup(
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="The copy: a path, or a name from the list.", show_default=False),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Replace the book with a copy, and keep the book from before. Without FILE, it lists the copies."""
    session = Session.of(context)
    backups = _backups(session)
    if not file:
        return _list(backups)
    copy = _find(session, backups, file)
    return session.run_alone(_restore(backups, copy, dry_run=dry_run, yes=yes))


def _backups(session: Session) -> Backups:
    if session.start.demo:
        raise InvalidInput("The demo's book is thrown away: there are no copies of it.", "Leave --demo out.")
    return Backups.of(session.settings)


def _list(backups: Backups) -> int:
    copies = backups.listed()
    if not copies:
        output.note(f"coterie: There are no copies in {backups.folder} yet.")
        return 1
    output.Table(_HEADINGS).write([_texts(copy) for copy in copies])
    return 0


def _texts(copy: Copy) -> tuple[str, str, str, str]:
    contacts = "cannot be read" if copy.contacts is None else f"{copy.contacts:,}"
    return str(copy.path), f"{copy.made_at:%Y-%m-%d %H:%M}", contacts, _size(copy)


def _find(session: Session, backups: Backups, text: str) -> Path:
    """The copy that `text` names: `2026-11-27` is the one of that day."""
    for name in (text, text + _ENDING):
        if "/" not in text and (backups.folder / name).is_file():
            return backups.folder / name
    return paths.allowed(session.settings, text)


async def _restore(backups: Backups, copy: Path, *, dry_run: bool, yes: bool) -> int:
    if not dry_run:
        backups.refuse_open()
    async with backups.restoring(copy) as restoring:
        _preview(restoring)
        if dry_run:
            output.say("Nothing was changed.")
            return 0
        question = "Replace the book with this copy? The book as it is now is kept, too."
        if restoring.book_exists and not output.confirm(question, yes=yes):
            output.note("coterie: Nothing was changed.")
            return 1
        kept = await restoring.finish()
    output.say(f"The book is now as it is in {copy}.")
    if kept is not None:
        output.say(f"The book from before is kept in {kept}.")
    return 0


def _preview(restoring: Restoring) -> None:
    output.say(f"The copy is intact and has {number_of(restoring.contacts)}.")
    if restoring.difference is not None:
        for line in _lines(restoring.difference):
            output.say(line)
    elif restoring.book_exists:
        output.say("The book cannot be read, so the two cannot be compared.")


def _lines(difference: Difference) -> list[str]:
    if not difference:
        return ["The contacts are the same as in the book."]
    kinds = (
        ("Only in the book, gone afterwards", difference.only_here),
        ("Only in the copy, back afterwards", difference.only_there),
        ("Different, afterwards as in the copy", difference.changed),
    )
    return [f"{title}: {_named(some)}" for title, some in kinds if some.count]


def _named(some: Some) -> str:
    more = f" and {some.count - len(some.names):,} more" if some.count > len(some.names) else ""
    return f"{number_of(some.count)} ({', '.join(some.names)}{more})"


def _size(copy: Copy) -> str:
    return f"{copy.size / 1_000_000:,.1f} MB"
