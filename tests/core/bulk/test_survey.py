"""What a survey finds, shows and does: the preview equals the result, and what is left out stays as it is."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.bulk import Kind, Survey, make_action, survey_of
from coterie.core.bulk.saving import write_lines
from coterie.core.changes import Create, Edit, Plan
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email, Phone

ADA = Contact(id=1, name="Ada King", company="Engines Ltd", emails=(Email("ada@old.example"),), version=3)
BOB = Contact(id=2, name="Bob", company="Shop", emails=(Email("bob@old.example"), Email("bob@home.example")))
CY = Contact(id=3, company="Cy Ltd", notes="=cmd()")
NEW_DOMAIN = make_action("replace", field="email", value="@old.example$", new="@new.example")
NO_SIGN = make_action("replace", field="email", value="@home", new="")
NO_LTD = make_action("replace", field="company", value=" ?Ltd", new="")
GONE = make_action("clear", field="company")


async def test_figures_and_lines() -> None:
    survey = survey_of([NEW_DOMAIN, NO_LTD], [ADA, BOB, CY, Contact(id=4, name="Dora")])
    assert (survey.total, survey.looked, survey.count()) == (4, 0, 0)
    await survey.look(1)
    assert (survey.looked, survey.changed, survey.is_done) == (1, 1, False)
    await survey.finish()
    assert (survey.changed, survey.unchanged, survey.refused, survey.applied) == (3, 1, 0, 3)
    shown = [(one.contact_id, one.key, one.old, one.new) for one in await survey.lines(range(survey.count()))]
    assert shown == [
        (1, "emails", "ada@old.example", "ada@new.example"),
        (1, "company", "Engines Ltd", "Engines"),
        (2, "emails", "bob@old.example; bob@home.example", "bob@new.example; bob@home.example"),
        (3, "company", "Cy Ltd", "Cy"),
    ]
    [second] = await survey.lines([1])
    assert second.key == "company"


async def test_what_a_field_refuses_is_listed_with_its_reason() -> None:
    survey = survey_of([NO_SIGN, GONE], [ADA, BOB, CY])
    await survey.finish()
    assert (survey.changed, survey.refused) == (1, 2)
    refused = await survey.lines(range(2), Kind.REFUSED)
    assert [(one.contact, one.key, one.reason) for one in refused] == [
        ("Bob", "emails", "“bob.example” would not be an e-mail address."),
        ("Cy Ltd", "company", "It would have no name, company, e-mail address or phone number."),
    ]


async def test_searching_finds_in_every_part_ignoring_case() -> None:
    survey = survey_of([NEW_DOMAIN, NO_LTD], [ADA, BOB, CY])
    await survey.finish()
    for text, places in (("ENGINES", [1]), ("bob", [2]), ("cy", [3]), ("e-mail", [0, 2]), ("nothing", [])):
        assert [at async for _, found in survey.matching(text) for at in found] == places


async def test_lines_are_saved_as_csv_that_no_spreadsheet_runs() -> None:
    survey = survey_of([make_action("replace", field="notes", value="cmd", new="x"), NO_SIGN], [BOB, CY])
    survey.leave_out([3])
    file = io.StringIO(newline="")
    assert await write_lines(survey, file) == 2
    assert file.getvalue().splitlines() == [
        "Id,Contact,Field,Old,New,Left out,Reason",
        "3,Cy Ltd,Notes,'=cmd(),'=x(),yes,",
        "2,Bob,E-mail,bob@old.example; bob@home.example,,,“bob.example” would not be an e-mail address.",
    ]


async def test_it_can_be_stopped() -> None:
    def stop(done: int, total: int | None) -> None:
        raise Cancelled("You stopped it.")

    with pytest.raises(Cancelled):
        await survey_of([NO_LTD], [ADA]).finish(stop)


async def _filled(book: Book, contacts: list[Contact]) -> None:
    await book.apply(Plan("add", "Add", [Create(replace(one, id=None)) for one in contacts]))


async def test_the_result_is_what_was_shown(book: Book) -> None:
    await _filled(book, [ADA, BOB, CY])
    before = {one.id: one async for one in book.contacts(Listing())}
    survey = await Survey.of(book, [NEW_DOMAIN, NO_LTD], Listing())
    await survey.finish()
    shown = {one.contact_id: one.new for one in await survey.lines(range(survey.count())) if one.key == "emails"}
    outcome = await book.apply(survey.plan())
    assert (outcome.changed, outcome.skipped) == (3, ())
    after = {one.id: one async for one in book.contacts(Listing())}
    assert {key: "; ".join(email.address for email in after[key].emails) for key in shown} == shown
    await book.history.undo()
    undone = {one.id: one async for one in book.contacts(Listing())}
    assert [replace(one, version=0, updated_at=None) for one in undone.values()] == [
        replace(one, version=0, updated_at=None) for one in before.values()
    ]


async def test_what_is_left_out_and_what_others_changed_stays(book: Book) -> None:
    await _filled(book, [ADA, BOB, CY])
    known = {one.shown_name: one async for one in book.contacts(Listing())}
    survey = await Survey.of(book, [NEW_DOMAIN, NO_LTD], Listing())
    await survey.finish()
    survey.leave_out([known["Cy Ltd"].id or 0])
    assert survey.applied == 2
    bob = known["Bob"]
    await book.apply(Plan("edit", "Edit", [Edit(bob.id or 0, {"notes": "new"}, bob.version)]))
    outcome = await book.apply(survey.plan())
    assert outcome.changed == 1
    assert [(skip.subject, skip.reason) for skip in outcome.skipped] == [("Bob", "It was changed meanwhile.")]
    after = {one.id: one async for one in book.contacts(Listing())}
    assert after[known["Cy Ltd"].id].company == "Cy Ltd"
    assert after[bob.id].emails == bob.emails


async def test_what_is_the_same_for_all_is_done_at_once_without_what_is_left_out(book: Book) -> None:
    await _filled(book, [ADA, BOB])
    survey = await Survey.of(book, [make_action("set", field="job_title", value="CTO")], Listing())
    await survey.finish()
    survey.leave_out([1])
    await book.apply(survey.plan())
    titles = [(one.name, one.job_title) async for one in book.contacts(Listing())]
    assert titles == [("Ada King", ""), ("Bob", "CTO")]


@given(st.lists(st.tuples(st.text(max_size=8), st.lists(st.text("12ab", max_size=3), max_size=3)), max_size=6))
async def test_every_line_is_made_anew_as_it_was_counted(people: list[tuple[str, list[str]]]) -> None:
    contacts = [
        Contact(id=place + 1, name=f"N{name}", company=name, phones=tuple(map(Phone, numbers)))
        for place, (name, numbers) in enumerate(people)
    ]
    steps = [make_action("replace", field=key, value="[ab]", new="1") for key in ("phones", "company")]
    survey = survey_of(steps, contacts)
    await survey.finish()
    lines = [line for place in range(survey.count()) for line in await survey.lines([place])]
    assert lines == await survey.lines(range(survey.count()))
    assert [line.contact_id for line in lines] == [survey.owner(place) for place in range(survey.count())]
    assert not any(line.reason for line in lines)
    assert len(Checks.of(line.contact_id for line in lines)) == survey.changed
