"""coterie birthdays: the next ones, and a calendar of all of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.errors import InvalidInput
from coterie.core.text import number_of
from coterie.tui.commandline import output, paths
from coterie.tui.commandline.filters import Filters, InGroup, Json, Query
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.calendar.birthdays import Birthday

_MOST: Final = 366
"""Days within which everybody has a birthday."""


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("birthdays")(birthdays)


def _days(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit() and int(text) <= _MOST):
        raise InvalidInput(f"--days “{text}” is not a number from 0 to {_MOST}.", "For example: --days 7; 0 is today.")
    return int(text)


def birthdays(
    context: typer.Context,
    query: Query = None,
    group: InGroup = None,
    days: Annotated[int, typer.Option(parser=_days, metavar="N", help="Within so many days; 0 is today alone.")] = "30",  # type: ignore[assignment]  # typer reads defaults like what is typed
    ics: Annotated[
        str | None,
        typer.Option(
            "--ics",
            metavar="FILE",
            help="Write all birthdays into a calendar, instead; - is standard output.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> int:
    """List the next birthdays, or write a calendar in which each comes every year."""
    if ics and json:
        raise InvalidInput("Use --ics or --json, but not both.", "A calendar is not JSON.")
    session = Session.of(context)
    filters = Filters.of(query, group=group)

    async def work(book: Book) -> int:
        upcoming, unreadable = await book.lists.birthdays(await filters.listing(book), None if ics else days)
        if ics:
            _write_calendar(session, ics, upcoming)
        else:
            _list(upcoming, book.now().date(), json=json)
        if unreadable:
            output.note(f"coterie: Left out: the birthday of {number_of(unreadable)} is not a date.")
        if not upcoming:
            output.note("coterie: There is no birthday." if ics else f"coterie: {_nobody(days)}")
        return 0 if upcoming else 1

    return session.run(work)


def _nobody(days: int) -> str:
    return f"Nobody has a birthday {f'within {days} days' if days > 1 else 'today or tomorrow' if days else 'today'}."


def _list(upcoming: list[Birthday], today: date, *, json: bool) -> None:
    if json:
        output.write_json([_object(birthday, today) for birthday in upcoming])
        return
    lines = output.Table(("Date", "In", "Name", "Age", "Id"))
    lines.write([_row(birthday, today) for birthday in upcoming])


def _object(birthday: Birthday, today: date) -> dict[str, object]:
    day = birthday.next(today)
    year = f"{birthday.year:04}" if birthday.year else "-"
    return {
        "id": birthday.contact_id,
        "name": birthday.name,
        "birthday": f"{year}-{birthday.month:02}-{birthday.day:02}",
        "date": day.isoformat(),
        "days": (day - today).days,
        "age": birthday.age(day),
    }


def _row(birthday: Birthday, today: date) -> list[str]:
    day = birthday.next(today)
    age = birthday.age(day)
    words = {0: "today", 1: "tomorrow"}
    left = (day - today).days
    return [
        day.isoformat(), words.get(left, f"{left} days"), birthday.name, "" if age is None else str(age),
        str(birthday.contact_id),
    ]  # fmt: skip


def _write_calendar(session: Session, file: str, birthdays: list[Birthday]) -> None:
    from coterie.core.calendar.birthdays import calendar

    with paths.writing(session.settings, file) as out:
        out.write(calendar(birthdays).decode())
    if file != paths.STANDARD:
        count = number_of(len(birthdays), "birthday")
        output.note(f"Wrote {count} to {file}.")
