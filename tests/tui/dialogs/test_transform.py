"""The line of transforms: completion, the preview while one types, what is wrong, earlier ones, recipes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.bulk.recipes import Recipes, parse_recipe
from coterie.core.changes import Create, Plan
from coterie.core.listing import Listing
from coterie.core.model import Contact, Phone
from coterie.core.transform.completion import completions
from coterie.tui.dialogs.transform import TransformDialog, Transformed, Transforming
from coterie.tui.files import Files
from tests.tui.dialogs.stage import EVIL, WAITING, on_stage, type_text, until, whole

PEOPLE = [
    Contact(name="Ada King", company="ACME LTD", phones=(Phone("020 7946 0958"),)),
    Contact(name="Bob Stone", company="Shop", phones=(Phone("12"),)),
    Contact(name=EVIL, company="QUARRY"),
]


async def about(book: Book, home: Path, earlier: Sequence[str] = ()) -> Transforming:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    selection = await book.lists.ids(Listing())
    return Transforming(book, selection, "3 contacts", "company", earlier, Recipes(home / "recipes"))


async def test_the_preview_follows_what_is_typed(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path)
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown)) as (stage, pilot):
        assert "title                               the column under the cursor" in stage.seen()
        await type_text(pilot, "company = title(company)")
        await until(lambda: "2 of 3 change, 1 stays as before." in stage.seen() and "Acme Ltd" in stage.seen())
        await pilot.press("enter")
        await until(lambda: isinstance(stage.answer, Transformed))
    assert stage.answer.line == "company = title(company)"
    await book.apply(stage.answer.survey.plan())
    assert sorted([one.company async for one in book.contacts(Listing())]) == ["Acme Ltd", "Quarry", "Shop"]


async def test_a_bare_verb_means_the_column_and_enter_does_not_wait_for_the_preview(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path)
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown)) as (stage, pilot):
        await type_text(pilot, "lower")
        await pilot.press("enter")
        await until(lambda: isinstance(stage.answer, Transformed))
    await stage.answer.survey.finish()
    assert stage.answer.survey.applied == 3


async def test_what_is_wrong_is_said_and_nothing_is_done(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path)
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown)) as (stage, pilot):
        await type_text(pilot, "company = titel(")
        await until(lambda: "There is no verb “titel” (at character 11)." in stage.seen())
        await pilot.press("enter")
        await pilot.pause()
        assert stage.answer is WAITING
        await pilot.press("escape")
        await until(lambda: stage.answer is None)


async def test_what_is_refused_is_said_while_one_types(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path)
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown), (120, 40)) as (stage, pilot):
        await type_text(pilot, 'phone = e164(phone, "GB")')
        await until(lambda: "1 of 3 changes, 1 stays as before, 1 is refused." in stage.seen())
        await until(lambda: "Bob Stone: “12” is not a phone number: it is too short." in stage.seen())


async def test_tab_completes_and_arrow_up_brings_back_earlier_ones(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path, ["name = title(name)", "company = upper(company)"])
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown)) as (stage, pilot):
        field = stage.screen.query_one("#line Input", Input)
        await type_text(pilot, "compan")
        await until(lambda: stage.screen.query_one("#line").is_open)  # type: ignore[attr-defined]
        await pilot.press("tab")
        await until(lambda: field.value == "company = ")
        await pilot.press("up")
        await until(lambda: field.value == "name = title(name)")
        await pilot.press("up")
        await until(lambda: field.value == "company = upper(company)")
        await pilot.press("down")
        await until(lambda: field.value == "name = title(name)")


async def test_recipes_are_saved_and_done_by_their_name(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path)
    assert shown.recipes is not None
    shown.recipes.save(parse_recipe("company = title(company)\nname = upper(name)", "Clean"))
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown)) as (stage, pilot):
        await type_text(pilot, "nickname = given_name")
        await pilot.press("ctrl+n")
        await until(lambda: "Save as a recipe" in stage.seen())
        await type_text(pilot, "Short")
        await pilot.press("enter")
        await until(lambda: "@Short does it again" in stage.seen())
        stage.screen.query_one("#line Input", Input).value = "@Clean"
        await until(lambda: "3 of 3 change" in stage.seen())
        await pilot.press("enter")
        await until(lambda: isinstance(stage.answer, Transformed))
    assert shown.recipes.names() == ["Clean", "Short"]
    assert len(stage.answer.survey.steps) == 2


async def test_all_verbs_are_listed_with_examples(book: Book, tmp_path: Path) -> None:
    shown = await about(book, tmp_path)
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown)) as (stage, pilot):
        await pilot.press("ctrl+t")
        await until(lambda: "What is done to a field" in stage.seen())
        await type_text(pilot, "domain")
        await pilot.press("enter")
        field = stage.screen.query_one("#line Input", Input) if len(stage.screen_stack) < 3 else None
        await until(lambda: 'domain(email, "old.example", "new.example")' in stage.seen())
        del field


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_it_fits(book: Book, tmp_path: Path, size: tuple[int, int]) -> None:
    shown = await about(book, tmp_path)
    async with on_stage(lambda: TransformDialog(Files(tmp_path), shown), size) as (stage, pilot):
        await type_text(pilot, "upper")
        await until(lambda: "SHOP" in stage.seen())
        await pilot.press("tab")
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")


@pytest.mark.parametrize(
    ("typed", "some"),
    [
        ("compan", ["company = "]),
        ("company = ti", ["company = title(", "company = titles("]),
        ("company = title(comp", ["company = title(company"]),
        ("title(na", ["title(name", "title(national("]),
        ('email = "{giv', ['email = "{given_name}']),
        ('email = "giv', []),
        ("company = ", []),
        ("", []),
    ],
)
def test_completions(typed: str, some: list[str]) -> None:
    found = completions(typed)
    assert set(some) <= set(found)
    assert bool(some) == bool(found)
