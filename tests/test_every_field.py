"""Each field of FIELDS is carried all the way: typed in the form, stored, exported, merged, synced and undone.

A field that only half exists fails here, by its name and the place that does not know it. A new field needs what is
typed for it in TYPED, and the text by which it is read in READ.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
from textual.content import Content

from coterie.core.base import Base, differing
from coterie.core.book import Book
from coterie.core.bulk.as_text import from_text, to_text
from coterie.core.changes import Create, Edit, Plan
from coterie.core.fields import FIELDS, NOTED
from coterie.core.fields.attributes import ATTRIBUTES, TEXT_FIELDS
from coterie.core.fields.differences import differences
from coterie.core.fields.values import KEPT, with_values
from coterie.core.jsonform import as_json
from coterie.core.listing import Listing
from coterie.core.merge import merge
from coterie.core.merge3 import merge3
from coterie.core.model import Contact
from coterie.core.query import quote
from coterie.core.settings import Settings
from coterie.core.store.contacts.values import CONTACT_COLUMNS
from coterie.core.store.schema.contacts import ContactTable
from coterie.core.sync.writes import created
from coterie.core.transfer.export import FORMATS, write
from coterie.core.transfer.readers import reader_of
from coterie.providers import BUILTIN, load
from coterie.providers.carddav.cards import CardText, new_card, read_card
from coterie.providers.google import mapping as google
from coterie.providers.google import writing as to_google
from coterie.providers.microsoft import mapping as microsoft
from coterie.providers.microsoft import writing as to_microsoft
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.widgets.contact_page import items
from coterie.tui.widgets.pages import Pages
from tests.conftest import Clock, settings_in
from tests.tui.dialogs.stage import on_stage


def lines(*values: tuple[str, ...]) -> dict[str, Any]:
    """What is typed into an editor of several lines."""
    return {"began": [], "lines": [[None, list(value), False] for value in values]}


TYPED: Final[Mapping[str, Any]] = {
    "name": "Dr. Ada Augusta King Esq.",
    "prefix": "Dr.",
    "given_name": "Ada",
    "additional_names": "Augusta",
    "family_name": "King",
    "suffix": "Esq.",
    "nickname": "Countess",
    "phonetic_given_name": "Eida",
    "phonetic_additional_names": "Ogasuta",
    "phonetic_family_name": "Kingu",
    "phonetic_company": "Enjinzu",
    "emails": lines(("ada@example.org", "work"), ("countess@example.org", "")),
    "phones": lines(("+44 20 7946 0958", "home")),
    "company": "Analytical Engines",
    "department": "Research",
    "job_title": "Programmer",
    "groups": lines(("Choir",), ("Poets",)),
    "favorite": True,
    "birthday": "1815-12-10",
    "notes": "Likes looms.",
    "addresses": [[{}, {"street": "12 St James's Square", "city": "London", "label": "home"}]],
    "relations": lines(("William King", "spouse"), ("Anne", "child"), ("Byron", "child"), ("Annabella", "Patron")),
    "events": lines(("1835-07-08", "anniversary"), ("--05-02", "Name day")),
    "ims": lines(("ada", "Signal"), ("king", "skype")),
    "urls": lines(("https://example.org/ada", "blog")),
    "custom": lines(("Shoe size", "38")),
}
READ: Final[Mapping[str, str]] = {key: text for key, text in TYPED.items() if isinstance(text, str)} | {
    "emails": "ada@example.org; countess@example.org",
    "phones": "+44 20 7946 0958",
    "groups": "Choir; Poets",
    "favorite": "yes",
    "addresses": "12 St James's Square, London",
    "relations": "spouse: William King; child: Anne; child: Byron; Patron: Annabella",
    "events": "anniversary: 1835-07-08; Name day: --05-02",
    "ims": "Signal: ada; skype: king",
    "urls": "https://example.org/ada",
    "custom": "Shoe size: 38",
}
STAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "favorite": ("microsoft", "carddav", "vdir"),
}
"""The fields that have no place at some providers: there they stay in the book."""
EMPTY: Final = {key: getattr(Contact(), key) for key in ATTRIBUTES}


async def from_the_form() -> Contact:
    """The contact that the form makes of TYPED."""
    async with on_stage(lambda: ContactForm(None)) as (stage, pilot):
        form = stage.screen
        assert isinstance(form, ContactForm)
        assert form.fields.keys() == FIELDS.keys() - NOTED, "a field that cannot be typed, or is none"
        await form.query_one(Pages).mount_all_pages()
        for key, editor in form.fields.items():
            await editor.put_back(TYPED[key])
        await pilot.pause()
        return form._contact()


_typed: list[Contact] = []


@pytest.fixture
async def contact() -> Contact:
    """A contact with every field; the form is filled in once."""
    if not _typed:
        _typed.append(await from_the_form())
    return _typed[0]


def lost(contact: Contact) -> dict[str, str]:
    """The fields that do not read as they should, with what they say instead."""
    return {key: FIELDS[key].read(contact) for key, text in READ.items() if FIELDS[key].read(contact) != text}


def test_every_attribute_is_a_field_with_a_column() -> None:
    assert {one.name for one in fields(Contact)} - FIELDS.keys() == {"id", "deleted_at", "deleted_by", "version"}
    assert {key for key in FIELDS if not hasattr(Contact(), key)} == set()
    assert set(CONTACT_COLUMNS) == ContactTable.model_fields.keys()


def test_every_field_is_here() -> None:
    assert FIELDS.keys() == TYPED.keys() | NOTED == READ.keys() | NOTED


def test_is_typed_in_the_form(contact: Contact) -> None:
    assert lost(contact) == {}


def test_is_shown_in_the_details(contact: Contact) -> None:
    page = "\n".join(f"{one.label} {one.shown.plain}" for one in items(contact, Content))
    shown = {key: text for key, text in READ.items() if key != "favorite"}
    values = {key: [part.split(": ")[-1] for part in text.split("; ")] for key, text in shown.items()}
    assert {key for key, some in values.items() if not all(value in page for value in some)} == set()


def test_is_text_in_an_editor(contact: Contact) -> None:
    nobody = Contact(id=1, name="Nobody")
    text = to_text([with_values(contact, {"id": 1})])
    [change] = from_text(text, [nobody]).changes
    assert isinstance(change, Edit)
    assert lost(with_values(nobody, change.values)) == {}


def test_is_told_where_it_differs(contact: Contact) -> None:
    told = {one.key: one.new for one in differences(Contact(), contact)}
    assert {key for key in READ if not told.get(key)} == set()
    assert {one.field for one in created("create", contact, ATTRIBUTES).fields} == {FIELDS[key].label for key in READ}


async def stored_and_undone(contact: Contact, settings: Settings, clock: Clock) -> None:
    """Store the contact, empty it and undo that."""
    async with await Book.open(settings, now=clock) as book:
        [made] = (await book.apply(Plan("add", "Add", [Create(contact)]))).created_ids
        assert lost(await book.contact(made)) == {}
        await book.apply(Plan("edit", "Empty", [Edit(made, EMPTY | {"name": "Nobody"}, 1)]))
        assert lost(await book.contact(made)).keys() == READ.keys()
        told = {trace.field for trace in await book.history.traces((await book.history.latest())[0].id)}
        assert all(any(FIELDS[key].label in one for one in told) for key in READ if key != "groups"), told
        await book.history.undo()
        assert lost(await book.contact(made)) == {}
        searched = {key: text.split("; ")[0].split(": ")[-1] for key, text in READ.items() if key != "addresses"}
        found = [
            await book.lists.count(Listing(query=f"{key}:{quote(text)} has:{key}")) for key, text in searched.items()
        ]
        assert dict(zip(searched, found, strict=True)) == dict.fromkeys(searched, 1)


async def test_is_stored_and_undone_on_sqlite(contact: Contact, settings: Settings, clock: Clock) -> None:
    await stored_and_undone(contact, settings, clock)


async def test_is_stored_and_undone_on_postgresql(
    contact: Contact, tmp_path: Path, postgresql_url: str, clock: Clock
) -> None:
    await stored_and_undone(contact, settings_in(tmp_path, database_url=postgresql_url), clock)


@pytest.mark.parametrize("format_id", sorted(FORMATS))
async def test_is_exported_and_read(contact: Contact, format_id: str) -> None:
    file = io.StringIO(newline="")
    await write(format_id, [contact], file)
    [read] = reader_of(file.getvalue().encode()).read()
    assert isinstance(read, Contact)
    assert lost(read) == {}


def test_has_a_key_in_json(contact: Contact) -> None:
    assert READ.keys() <= as_json(contact).keys()
    assert as_json(Contact()).keys() == as_json(contact).keys()


def test_is_kept_when_duplicates_are_merged(contact: Contact) -> None:
    nobody = Contact(emails=contact.emails[:1])
    assert lost(merge([nobody, contact], nobody)) == {}
    assert merge([contact, contact], contact) == contact


def test_is_merged_three_ways(contact: Contact) -> None:
    for base, ours, theirs in ((Contact(), Contact(), contact), (Contact(), contact, Contact())):
        merged, conflicts = merge3(base, ours, theirs, frozenset(ATTRIBUTES))
        assert lost(merged) == {}
        assert conflicts == []


def test_is_remembered_by_sync(contact: Contact) -> None:
    said = Base.of(Base(contact).text()).said
    assert lost(said) == {}
    assert differing(said, contact, ATTRIBUTES) == set()
    assert differing(Contact(), contact, ATTRIBUTES) == READ.keys() - KEPT


@pytest.mark.parametrize("provider_id", BUILTIN)
def test_is_kept_by_a_provider_or_stays_in_the_book(provider_id: str) -> None:
    kept = {key.partition("/")[0] for key in load(provider_id).capabilities.fields}
    stays = {key for key, providers in STAYS.items() if provider_id in providers}
    left = ", ".join(sorted(set(ATTRIBUTES) - kept - stays))
    assert not left, (
        f"{provider_id} has no line for {left} in its mapping.py: add one, or say in STAYS that it stays here"
    )
    assert kept | stays == set(ATTRIBUTES)
    assert kept & stays == set()


BACK: Final[Mapping[str, Callable[[Contact], Contact]]] = {
    "google": lambda contact: google.contact_of(to_google.create_body(contact, google.Labels()), google.Labels()),
    "microsoft": lambda contact: microsoft.contact_of(to_microsoft.create_body(contact)),
    "carddav": lambda contact: read_card(CardText("", "", new_card(contact, "3.0")[0])).remote(()).contact,
}
"""What a provider says of a contact that was just created there."""


@pytest.mark.parametrize("provider_id", BACK)
def test_comes_back_from_a_provider(contact: Contact, provider_id: str) -> None:
    back = BACK[provider_id](contact)
    kept = load(provider_id).capabilities.fields & set(TEXT_FIELDS)
    assert {key: getattr(back, key) for key in kept} == {key: getattr(contact, key) for key in kept}
