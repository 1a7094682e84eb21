"""Transforms in a real book: what was shown is what is done, and as many undos give the book back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.bulk import Survey, TransformField, make_plan
from coterie.core.bulk.plan import carried_out
from coterie.core.bulk.recipes import Applying, Recipes, parse_recipe
from coterie.core.changes import Create, Plan
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput, InvalidValue, NotFound
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.differences import differences
from coterie.core.listing import Listing, Sort
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.settings import Settings
from coterie.core.transform.verbs import VERBS

PEOPLE = [
    Contact(name="ADA VAN DER BERG", given_name="ADA", family_name="VAN DER BERG", company="ACME LTD",
            emails=(Email("Ada@old.example", "work", primary=True), Email("ada@home.example")),
            phones=(Phone("020 7946 0958", "home"),), birthday="3.5.1980", custom={"Mobile": "07700 900123"},
            addresses=(Address("1 High St", "SW1A 1AA London", country="UK"),), groups=("Choir",)),
    Contact(name="Dr. Bob Stone", emails=(Email("bob@acme.example"),), phones=(Phone("12"),), favorite=True),
    Contact(company="Shop", urls=(Url("http://shop.example"),), notes="first\nsecond"),
    Contact(name="王小明", nickname="  x  y ", groups=("Choir", "Board")),
]  # fmt: skip
LINES = [
    *(verb.example for verb in VERBS.values()),
    'company = ""', 'name = "{given_name} {company}"', "nickname = upper(name)", "notes = move(custom.Mobile)",
    'groups = add(groups, "{company}")', 'groups = remove(groups, "choir")', 'custom["Old name"] = name', "phones = ''",
    'city = "London"', "emails = move(url)", 'favorite = "no"', "family_name = lower(family_name)",
]  # fmt: skip


async def _state(book: Book) -> list[dict[str, object]]:
    return [
        {name: getattr(one, name) for name in ATTRIBUTES}
        async for one in book.contacts(Listing(sort=Sort("created_at")))
    ]


async def _fill(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=5), out=st.sets(st.integers(1, 4), max_size=2))
async def test_what_was_shown_is_done_and_undos_give_the_book_back(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], out: set[int]
) -> None:
    database = tmp_path_factory.mktemp("book") / "contacts.db"
    loaded = Settings.load({"database_url": f"sqlite:///{database}"}, environment={})
    async with await Book.open(loaded) as book:
        await _fill(book)
        before, undos = await _state(book), 0
        groups = [group.name for group in await book.groups.all()]
        for line in lines:
            survey = await Survey.of(book, [TransformField(line)], Listing(sort=Sort("name")))
            await survey.finish()
            survey.leave_out(out & set(survey.ids) & {survey.owner(place) for place in range(survey.count())})
            shown = [one for one in await survey.lines(range(survey.count())) if one.contact_id not in survey.left_out]
            known = {one.id: one async for one in book.contacts(Listing())}
            outcome = await book.apply(survey.plan())
            after = {one.id: one async for one in book.contacts(Listing())}
            done = [line for key in known for line in differences(known[key], after[key])]
            assert sorted((one.contact_id, one.key, one.new) for one in done) == sorted(
                (one.contact_id, one.key, one.new) for one in shown
            )
            assert outcome.changed == survey.applied == len({one.contact_id for one in shown})
            assert outcome.skipped == ()
            undos += outcome.operation_id is not None
        for _ in range(undos):
            assert (await book.history.undo()).skipped == ()
        assert await _state(book) == before
        assert [group.name for group in await book.groups.all()] == groups


async def test_without_a_preview_the_same_is_done(book: Book) -> None:
    await _fill(book)
    known = [one async for one in book.contacts(Listing())]
    steps = [TransformField("name = title(name)"), TransformField('phone = e164(phone, "GB")')]
    outcome = await book.apply(await make_plan(steps, Listing(), book.contacts))
    expected = {}
    for one in known:
        try:
            expected[one.id] = carried_out(steps, one)
        except InvalidValue:
            expected[one.id] = one
    after = {one.id: one async for one in book.contacts(Listing())}
    for key, one in expected.items():
        assert differences(one, after[key]) == []
    assert outcome.summary == "Transformed Name, Phone of Ada van der Berg."
    assert [(skip.subject, skip.reason) for skip in outcome.skipped] == [
        ("Dr. Bob Stone", "“12” is not a phone number: it is too short.")
    ]


async def test_fill_down_follows_the_order_of_the_list(book: Book) -> None:
    await _fill(book)
    down = TransformField("company = filldown(company)")
    listing = Listing(sort=Sort("name", descending=True))
    order = [one.shown_name async for one in book.contacts(listing)]
    survey = await Survey.of(book, [down], listing)
    await survey.finish()
    await book.apply(survey.plan())
    filled = {one.shown_name: one.company async for one in book.contacts(Listing())}
    last, expected = "", {}
    companies = {one.shown_name: one.company for one in PEOPLE}
    for name in order:
        last = companies[name] or last
        expected[name] = last
    assert filled == expected
    again = await make_plan([down.again], Checks.of([1]), book.contacts)
    assert (await book.apply(again)).operation_id is None


def test_recipes_are_kept_as_files(tmp_path: Path) -> None:
    recipes = Recipes(tmp_path / "recipes")
    assert recipes.names() == []
    recipe = parse_recipe("\ufeff# people\r\nname = title(name)\r\n on IMPORT \n", "Clean")
    assert (len(recipe.steps), recipe.on_import) == (1, True)
    recipes.save(recipe)
    assert recipes.find("Clean") == recipe
    assert recipes.on_import() == [recipe]
    for name in ("../x", ".hidden", "a/b", " ", "x" * 100, "a\nb"):
        with pytest.raises(InvalidInput):
            recipes.find(name)
    recipes.delete("Clean")
    with pytest.raises(NotFound):
        recipes.find("Clean")


def test_applying_leaves_what_is_refused_as_it_comes() -> None:
    applying = Applying([parse_recipe('name = title(name)\nphone = e164(phone, "GB")')])
    assert applying(PEOPLE[0]).name == "Ada van der Berg"
    assert applying(PEOPLE[1]) is PEOPLE[1]
    assert applying.remark == (
        "1 contact stays as the file has it: Dr. Bob Stone: “12” is not a phone number: it is too short."
    )
