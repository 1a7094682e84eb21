"""The contact form: required fields, what is kept, labels, warnings, leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from coterie.core.model import Contact, Email, Phone
from coterie.core.text import email_key
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.dialogs.contact_parts import emails_from
from coterie.tui.widgets.lines_editor import Line
from tests.tui.dialogs.stage import ADA, HOSTILE, WAITING, Stage, on_stage, type_text, until, whole


def field(stage: Stage, key: str, place: int = 0) -> Input:
    return list(stage.screen.query(f"#field-{key.replace('_', '-')} Input").results(Input))[place]


async def rewrite(pilot: Pilot[None], field: Input, text: str) -> None:
    field.focus()
    await pilot.pause()
    field.value = ""
    await type_text(pilot, text)


async def test_name_and_email_make_a_contact() -> None:
    async with on_stage(lambda: ContactForm(None)) as (stage, pilot):
        await type_text(pilot, "Grace Hopper")
        await pilot.press("tab")
        await type_text(pilot, "grace@example.org")
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer == Contact(
        name="Grace Hopper", given_name="Grace", family_name="Hopper", emails=(Email("grace@example.org"),)
    )


async def test_the_button_says_what_it_does() -> None:
    async with on_stage(lambda: ContactForm(None)) as (stage, _):
        await until(lambda: "Add contact" in stage.seen())
    async with on_stage(lambda: ContactForm(ADA)) as (stage, _):
        await until(lambda: "Update contact" in stage.seen())


async def test_a_missing_name_and_address_are_said_beside_their_fields() -> None:
    async with on_stage(lambda: ContactForm(None)) as (stage, pilot):
        await pilot.press("enter")
        await pilot.pause()
        await until(lambda: "A contact needs a name." in stage.seen())
        await until(lambda: "A contact needs an e-mail address." in stage.seen())
        assert stage.answers == 0
        assert stage.screen.focused is field(stage, "name")


async def test_a_wrong_address_is_said_as_the_field_is_left() -> None:
    async with on_stage(lambda: ContactForm(None)) as (stage, pilot):
        await rewrite(pilot, field(stage, "emails"), "grace at home")
        assert "is not an e-mail address" not in stage.seen()
        field(stage, "company").focus()
        await until(lambda: "is not an e-mail address" in stage.seen())
        await rewrite(pilot, field(stage, "emails"), "g")
        assert "is not an e-mail address" not in stage.seen()


async def test_confirming_goes_to_the_first_wrong_field_on_its_page() -> None:
    async with on_stage(lambda: ContactForm(ADA)) as (stage, pilot):
        await pilot.press("pagedown")
        await rewrite(pilot, field(stage, "phones"), "")
        await pilot.press("pageup")
        await pilot.press("enter")
        await until(lambda: stage.screen.focused is field(stage, "phones"))
        await until(lambda: "The number for “home” is missing." in stage.seen())
        assert stage.answers == 0


async def test_nothing_changes_where_nothing_was_touched() -> None:
    for contact in (ADA, HOSTILE, Contact(id=5, company="Only a company"), replace(ADA, custom={"A": "x\ny"})):
        async with on_stage(lambda contact=contact: ContactForm(contact)) as (stage, pilot):
            await pilot.press("pagedown", "pagedown", "pagedown", "pagedown", "pagedown", "ctrl+s")
            await until(lambda stage=stage: stage.answer is not WAITING)
            assert stage.answer == contact


async def test_one_field_changes_and_the_others_keep_what_cannot_be_typed() -> None:
    async with on_stage(lambda: ContactForm(HOSTILE)) as (stage, pilot):
        await rewrite(pilot, field(stage, "company"), "Mallory Ltd")
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
        assert stage.answer == replace(HOSTILE, company="Mallory Ltd")


async def test_a_contact_that_came_without_address_can_be_saved_without() -> None:
    before = Contact(id=5, name="No Address", phones=(Phone("1"),))
    async with on_stage(lambda: ContactForm(before)) as (stage, pilot):
        await rewrite(pilot, field(stage, "job_title"), "Baker")
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
        assert stage.answer == replace(before, job_title="Baker")


async def test_removing_the_last_address_asks_first() -> None:
    before = Contact(id=5, name="Ada", emails=(Email("ada@example.org"),))
    async with on_stage(lambda: ContactForm(before)) as (stage, pilot):
        await rewrite(pilot, field(stage, "emails"), "")
        await pilot.press("enter")
        await until(lambda: "will have no e-mail address" in stage.seen())
        await pilot.press("escape")
        await pilot.pause()
        assert stage.answers == 0
        await pilot.press("ctrl+s")
        await until(lambda: "will have no e-mail address" in stage.seen())
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
        assert stage.answer.emails == ()


async def test_lines_are_added_and_removed_by_keys() -> None:
    async with on_stage(lambda: ContactForm(ADA, ["Choir"])) as (stage, pilot):
        field(stage, "emails").focus()
        await pilot.press("ctrl+n")
        await pilot.pause()
        await type_text(pilot, "third@example.org")
        await pilot.press("ctrl+l")
        await type_text(pilot, "club")
        field(stage, "emails", 2).focus()
        await pilot.pause()
        await pilot.press("ctrl+r")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer.emails == (Email("ada@example.org", "home"), Email("third@example.org", "club"))


async def test_another_address_becomes_the_main_one() -> None:
    async with on_stage(lambda: ContactForm(ADA)) as (stage, pilot):
        field(stage, "emails").focus()
        await pilot.press("ctrl+t", "ctrl+s")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer.email == "ada@example.org"
    assert stage.answer == replace(
        ADA, emails=(Email("ada@example.org", "home", primary=True), Email("countess@example.com", "work"))
    )


async def test_groups_complete_and_keep_their_spelling() -> None:
    async with on_stage(lambda: ContactForm(ADA, ["Choir", "Chess club", "Library"])) as (stage, pilot):
        await pilot.press("pagedown")
        field(stage, "groups").focus()
        await pilot.press("ctrl+n")
        await pilot.pause()
        await type_text(pilot, "che")
        await until(lambda: "Chess club" in stage.seen())
        await pilot.press("down", "enter", "ctrl+n")
        await pilot.pause()
        await type_text(pilot, "LIBRARY")
        await pilot.press("ctrl+s")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer.groups == ("Chess club", "Choir", "Library")


async def test_every_page_can_be_edited() -> None:
    async with on_stage(lambda: ContactForm(ADA), (120, 40)) as (stage, pilot):
        await pilot.press("pagedown")
        stage.screen.query_one("#favorite").focus()
        await pilot.press("space")
        notes = stage.screen.query_one(TextArea)
        notes.text = "New\nnotes"
        await rewrite(pilot, field(stage, "birthday"), "1815-12-11")
        await pilot.press("pagedown")
        await rewrite(pilot, field(stage, "prefix"), "Lady")
        await pilot.press("pagedown")
        await rewrite(pilot, field(stage, "address-0-city"), "Paris")
        await pilot.press("pagedown")
        await rewrite(pilot, field(stage, "relations"), "William")
        await rewrite(pilot, field(stage, "relations", 1), "spouse")
        await pilot.press("pagedown")
        await rewrite(pilot, field(stage, "custom", 1), "8")
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    after = stage.answer
    assert (after.favorite, after.notes, after.birthday) == (True, "New\nnotes", "1815-12-11")
    assert (after.prefix, after.name) == ("Lady", "Lady Ada King")
    assert after.addresses == (replace(ADA.addresses[0], city="Paris"),)
    assert after.custom == {"Number": "8", "Spouse": "William"}
    assert (after.emails, after.phones, after.groups) == (ADA.emails, ADA.phones, ADA.groups)


async def test_an_address_that_somebody_has_is_a_warning() -> None:
    asked: list[Sequence[str]] = []

    async def holders(addresses: Sequence[str]) -> Mapping[str, Sequence[Contact]]:
        asked.append(addresses)
        return {email_key("ada@example.org"): [ADA]}

    async with on_stage(lambda: ContactForm(None, holders=holders)) as (stage, pilot):
        await type_text(pilot, "Another Ada")
        await rewrite(pilot, field(stage, "emails"), "Ada@Example.org")
        field(stage, "company").focus()
        await until(lambda: "Ada King already has Ada@Example.org." in stage.seen())
        await pilot.press("enter")
        await until(lambda: "Add anyway" in stage.seen())
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer.email == "Ada@Example.org"


async def test_its_own_address_is_no_duplicate() -> None:
    async def holders(addresses: Sequence[str]) -> Mapping[str, Sequence[Contact]]:
        return {email_key(address): [ADA] for address in addresses}

    async with on_stage(lambda: ContactForm(ADA, holders=holders)) as (stage, pilot):
        await rewrite(pilot, field(stage, "emails"), "ADA@example.org")
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
        assert stage.answer.emails[0].address == "ADA@example.org"


async def test_esc_asks_before_it_discards() -> None:
    async with on_stage(lambda: ContactForm(None)) as (stage, pilot):
        await pilot.press("x", "escape")
        await until(lambda: "Discard what you typed?" in stage.seen())
        await pilot.press("escape")
        await pilot.pause()
        assert stage.answers == 0
        await pilot.press("escape")
        await until(lambda: "Discard what you typed?" in stage.seen())
        await pilot.press("shift+tab", "enter")
        await until(lambda: stage.answer is None)


@pytest.mark.parametrize("keys", [["ctrl+s"], ["enter"], ["y"], ["n"], ["y", "ctrl+s", "enter"]])
async def test_what_was_typed_ahead_never_discards(keys: list[str]) -> None:
    async with on_stage(lambda: ContactForm(None)) as (stage, pilot):
        await pilot.press("x", "escape")
        await until(lambda: "Discard what you typed?" in stage.seen())
        await pilot.press(*keys)
        assert stage.answers == 0
        if isinstance(stage.screen, Confirm):
            await pilot.press("escape")
        assert stage.screen.query_one("#field-name Input", Input).value == "x"


async def test_esc_closes_an_untouched_form_at_once() -> None:
    async with on_stage(lambda: ContactForm(HOSTILE)) as (stage, pilot):
        await pilot.press("escape")
        assert stage.answer is None


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(size: tuple[int, int]) -> None:
    async with on_stage(lambda: ContactForm(HOSTILE, [HOSTILE.name]), size) as (stage, pilot):
        for _ in range(5):
            await until(lambda: whole(stage))
            assert not set(stage.seen()) & set("\x1b\x07\u202e")
            await pilot.press("pagedown")
            await pilot.pause()
        await until(lambda: "Bob [/b] [a=1]" in stage.seen())


async def test_the_focused_field_is_in_sight_on_a_low_terminal() -> None:
    async with on_stage(lambda: ContactForm(ADA), (40, 12)) as (stage, pilot):
        for _ in range(6):
            await pilot.press("tab")
            await pilot.pause()
            focused = stage.screen.focused
            assert focused is not None
            body = stage.screen.query_one("#dialog-body").region
            assert (
                focused.region.height == 0
                or body.contains_region(focused.region)
                or focused.id in {"confirm", "cancel"}
            )


addresses = st.lists(
    st.builds(Email, st.text(max_size=12), st.text(max_size=5)),
    max_size=4,
    unique_by=lambda email: email_key(email.address),
)


@given(addresses)
def test_untouched_lines_come_back_whatever_they_hold(emails: list[Email]) -> None:
    lines = [Line(place, ("", ""), changed=False) for place in range(len(emails))]
    assert emails_from(Contact(emails=tuple(emails)), lines) == tuple(emails)


async def test_what_was_typed_is_still_told_when_the_form_is_gone() -> None:
    """The program writes drafts as it ends, and by then its widgets may have gone."""
    async with on_stage(lambda: ContactForm(Contact(name="Ada", emails=(Email("ada@example.org"),)))) as (stage, pilot):
        await pilot.press("tab", "ctrl+n")
        await type_text(pilot, "b@example.org")
        form = stage.screen
        assert isinstance(form, ContactForm)
        await until(lambda: len(form._emails.lines) == 2)
        await form._emails.remove()
        assert [line.texts[0] for line in form._emails.lines] == ["ada@example.org", "b@example.org"]
