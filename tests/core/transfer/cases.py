"""Small inputs rebuilt from public bug reports, with their right answers, if the folder with them is present."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coterie.core.book import Book
from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.transfer.importing import ImportOptions, ImportReport, run, stage

CASES = Path(__file__).parents[4] / "shared" / "data" / "cases"


def case(name: str) -> Path:
    """The input of the case whose folder begins with `name` and a hyphen: `case("54")`."""
    [folder] = CASES.glob(f"{name}-*")
    return next(folder.glob("in.*"))


def answered() -> list[Path]:
    """The folders whose right answer is a list of contacts."""
    return sorted(path.parent for path in CASES.glob("*/expected.json"))


def expected(folder: Path) -> list[dict[str, Any]]:
    """The contacts that an import of `folder`'s input into a fresh book must end with."""
    answer: list[dict[str, Any]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return sorted(answer, key=_order)


def as_answer(contacts: list[Contact]) -> list[dict[str, Any]]:
    """`contacts` in the form of `expected`."""
    return sorted(
        (
            {
                "name": contact.name,
                "emails": [email.address for email in contact.emails],
                "phones": [phone.number for phone in contact.phones],
                "company": contact.company,
                "job_title": contact.job_title,
                "groups": list(contact.groups),
            }
            for contact in contacts
        ),
        key=_order,
    )


async def import_case(book: Book, source: Path | bytes, **options: Any) -> tuple[list[Contact], ImportReport]:
    """All contacts of the book after importing `source`, and the report."""
    report = await run(book, await stage(source, name="case", options=ImportOptions(**options)))
    return [contact async for contact in book.contacts(Listing(View.ALL))], report


def _order(contact: dict[str, Any]) -> str:
    return json.dumps(contact, sort_keys=True)
