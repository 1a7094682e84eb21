"""The one preview: figures, lines, what is left out or refused, searching, saving, on terminals of three sizes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from coterie.core.bulk import Survey, make_action, survey_of
from coterie.core.model import Contact, Email
from coterie.tui.dialogs.bulk_preview import BulkPreview
from coterie.tui.files import Files
from coterie.tui.widgets.preview import Preview
from tests.tui.dialogs.stage import WAITING, Stage, on_stage, type_text, until, whole

PEOPLE = [
    Contact(id=1, name="Ada King", company="Engines Ltd"),
    Contact(id=2, name="Bob Stone", company="Quarry Ltd"),
    Contact(id=3, name="Carl", company="Ltd", emails=(Email("carl@example.org"),)),
    Contact(id=4, company="Ltd"),
    Contact(id=5, name="Eve"),
]
NO_LTD = make_action("replace", field="company", value=" ?Ltd", new="")


def survey(people: list[Contact] = PEOPLE) -> Survey:
    return survey_of([NO_LTD], people)


def dialog(files: Path, of: Survey) -> BulkPreview:
    return BulkPreview("Edit 5 contacts", of, Files(files))


async def test_it_says_how_many_change_stay_and_are_refused_and_why(tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(tmp_path, survey())) as (stage, pilot):
        await until(lambda: "3 of 5 change, 1 stays as before, 1 is refused." in stage.seen())
        await until(lambda: "Ltd: It would have no name" in stage.seen())
        await until(lambda: "[Apply to 3" in stage.seen() or "Apply to 3 ctrl+s" in stage.seen())
        await pilot.press("r")
        await until(lambda: "These stay as they are" in stage.seen())
        assert "Ada King" not in stage.seen()
        await pilot.press("r")
        await until(lambda: "Ada King" in stage.seen())


async def test_space_leaves_a_contact_out(tmp_path: Path) -> None:
    shown = survey()
    async with on_stage(lambda: dialog(tmp_path, shown)) as (stage, pilot):
        await until(lambda: "Bob Stone" in stage.seen())
        await pilot.press("j", "space")
        await until(lambda: "2 of 5 change, 1 left out" in stage.seen())
        await pilot.press("k", "space")  # space moves on: back to Bob
        await until(lambda: "3 of 5 change, 1 stays" in stage.seen())
        await pilot.press("g", "space", "enter")
        await until(lambda: stage.answer is shown)
    assert list(shown.left_out) == [1]


async def test_all_that_a_search_lists_can_be_left_out_and_taken_in_again(tmp_path: Path) -> None:
    shown = survey()
    async with on_stage(lambda: dialog(tmp_path, shown)) as (stage, pilot):
        await until(lambda: "Bob Stone" in stage.seen())
        await pilot.press("slash")
        await type_text(pilot, "quarry")
        await until(lambda: "Ada King" not in stage.seen())
        await pilot.press("enter", "A")
        await until(lambda: list(shown.left_out) == [2])
        await pilot.press("slash", "escape")
        await until(lambda: "Ada King" in stage.seen())
        await pilot.press("A")
        await until(lambda: "0 of 5 change, 3 left out" in stage.seen())
        await pilot.press("a")
        await until(lambda: not shown.left_out)


async def test_nothing_to_change_is_no_answer(tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(tmp_path, survey([PEOPLE[4]]))) as (stage, pilot):
        await until(lambda: "0 of 1 change, 1 stays as before." in stage.seen())
        await pilot.press("enter")
        await until(lambda: stage.answer is None)


async def test_the_lines_are_saved_as_csv(tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(tmp_path, survey())) as (stage, pilot):
        await until(lambda: "Bob Stone" in stage.seen())
        await pilot.press("x")
        await until(lambda: "Save these changes as CSV" in stage.seen())
        await pilot.press("enter")
        await until(lambda: "Saved 4 lines in ~/changes.csv." in stage.seen())
        await pilot.press("x")
        await until(lambda: "Save these changes as CSV" in stage.seen())
        await pilot.press("enter")
        await until(lambda: "is there already" in stage.seen())
        await pilot.press("escape")
        assert stage.answer is WAITING
    assert (tmp_path / "changes.csv").read_text().splitlines()[1] == "1,Ada King,Company,Engines Ltd,Engines,,"


async def _shown_at_the_end(stage: Stage, pilot: Pilot[None]) -> None:
    preview = stage.screen.query_one(Preview)
    await until(lambda: preview.survey is not None and preview.survey.is_done)
    await pilot.press("G")
    await until(lambda: "P2999" in stage.seen())


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_thousands_of_lines_are_only_made_where_they_are_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    many = [replace(PEOPLE[0], id=number + 1, name=f"P{number}") for number in range(3000)]
    async with on_stage(lambda: dialog(tmp_path, survey(many)), size) as (stage, pilot):
        await _shown_at_the_end(stage, pilot)
        await until(lambda: whole(stage))
        await pilot.press("g")
        await until(lambda: "P0 " in stage.seen())
