"""The dialog of an action that has none of its own: it asks what the action declares, and previews it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from coterie.core.book import Book
from coterie.core.bulk import Asks, BulkAction, Parameter, Survey
from coterie.core.bulk.swap_fields import SwapFields
from coterie.core.changes import Create, Plan
from coterie.core.errors import InvalidValue
from coterie.core.listing import Listing
from coterie.core.model import Contact
from coterie.tui.dialogs.bulk_action import ActionDialog
from coterie.tui.files import Files
from coterie.tui.target import Target
from tests.tui.dialogs.stage import WAITING, on_stage, type_text, until


@dataclass(frozen=True, slots=True)
class Mark(BulkAction):
    """Puts a sign and the name of a group into the notes; fails for Bob, as the action of another package may."""

    id: ClassVar[str] = "mark"
    label: ClassVar[str] = "Mark in the notes"
    help: ClassVar[str] = "Put a sign into the notes."
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("sign", "Sign", asks=Asks.CHOICE, choices=("!", "?")),
        Parameter("group", "Group", asks=Asks.GROUP),
        Parameter("text", "Text", required=False),
    )
    sign: str
    group: str
    text: str = ""

    @property
    def done(self) -> str:
        return "Marked."

    def apply(self, contact: Contact) -> Contact:
        if contact.name == "Bob Stone":
            raise RuntimeError
        return replace(contact, notes=f"{self.sign} {self.group} {self.text}".strip())


@pytest.fixture
async def target(book: Book) -> Target:
    people = [Contact(name="Ada King", company="Programmer", job_title="Engines Ltd"), Contact(name="Bob Stone")]
    await book.apply(Plan("add", "Add", [Create(one) for one in people]))
    return Target(await book.lists.ids(Listing()))


async def test_fields_are_completed_and_the_preview_follows(book: Book, target: Target, tmp_path: Path) -> None:
    async with on_stage(lambda: ActionDialog(Files(tmp_path), book, target, SwapFields)) as (stage, pilot):
        assert "Swap two fields: 2 contacts" in stage.seen()
        assert "A field, a part of the address, or custom.NAME." in stage.seen()
        await type_text(pilot, "comp")
        await until(lambda: "Phonetic company" in stage.seen())
        await pilot.press("down", "enter", "tab")
        await type_text(pilot, "job")
        await until(lambda: "Job title" in stage.seen())
        await pilot.press("down", "enter")
        await until(lambda: "1 of 2 changes, 1 stays as before." in stage.seen())
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(stage.answer, Survey))
    await stage.answer.finish()
    await book.apply(stage.answer.plan())
    ada = await anext(book.contacts(Listing()))
    assert (ada.company, ada.job_title) == ("Engines Ltd", "Programmer")


async def test_what_is_wrong_or_missing_is_said_and_nothing_is_done(book: Book, target: Target, tmp_path: Path) -> None:
    async with on_stage(lambda: ActionDialog(Files(tmp_path), book, target, SwapFields)) as (stage, pilot):
        await pilot.press("ctrl+s")
        await until(lambda: "“Swap two fields” needs: Field, Swap with." in stage.seen())
        await type_text(pilot, "shoe")
        await pilot.press("tab")
        await type_text(pilot, "phonetic com")
        await pilot.press("down", "enter")
        await until(lambda: "There is no field “shoe”." in stage.seen())
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert stage.answer is WAITING
        await pilot.press("escape")
        await until(lambda: stage.answer is None)


async def test_choices_and_groups_are_asked_for_and_a_failure_leaves_its_contact_alone(
    book: Book, target: Target, tmp_path: Path
) -> None:
    dialog = lambda: ActionDialog(Files(tmp_path), book, target, Mark, ["Choir", "Chess"])  # noqa: E731
    async with on_stage(dialog, (120, 40)) as (stage, pilot):
        await pilot.press("right", "tab")
        await type_text(pilot, "choi")
        await pilot.press("down", "enter")
        await until(lambda: "1 of 2 changes, 1 is refused." in stage.seen())
        await until(lambda: "“Mark in the notes” failed here (RuntimeError)." in stage.seen())
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(stage.answer, Survey))
    await stage.answer.finish()
    await book.apply(stage.answer.plan())
    assert sorted([one.notes async for one in book.contacts(Listing())]) == ["", "? Choir"]


def test_a_value_that_is_no_choice_is_refused() -> None:
    with pytest.raises(InvalidValue, match="is not a choice for Sign"):
        Mark.parse("x=Choir=text")
    assert Mark.parse("!=Choir=a=b") == Mark("!", "Choir", "a=b")
    assert Mark.parse("!=Choir") == Mark("!", "Choir")
