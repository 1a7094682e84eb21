"""ContactForm: a contact's fields, for a new one and for editing; what the user does not touch stays as it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from textual import on, work
from textual.containers import Vertical
from textual.widget import Widget

from coterie.core.errors import CoterieError, InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.fields.values import with_value
from coterie.core.labelled import HEADINGS, PHONETIC, others, with_others
from coterie.core.model import Contact
from coterie.core.names import Called, as_named
from coterie.core.text import clean_address, clean_line, clean_lines, email_key, is_email, number_of
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.contact_parts import (
    EMAIL_LABELS,
    EXAMPLES,
    LABELS,
    PHONE_LABELS,
    SPOKEN,
    URL_LABELS,
    AddressesEditor,
    custom_from,
    emails_from,
    groups_from,
    labelled_from,
    phones_from,
    urls_from,
)
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.form import Form, Save
from coterie.tui.offers import Values, offers
from coterie.tui.widgets.completing_input import REST, among
from coterie.tui.widgets.field_editor import FieldEditor, Labelled, NotesEditor
from coterie.tui.widgets.lines_editor import LinesEditor, Part
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.pages import Pages
from coterie.tui.widgets.tick import Tick

Holders = Callable[[Sequence[str]], Awaitable[Mapping[str, Sequence[Contact]]]]
"""Who has these e-mail addresses, by `core.text.email_key`: `Book.by_address`."""

_FIRST: Final = ("company", "job_title", "birthday")
_ON_NAMES: Final = (*NAME_PARTS, *(key for key in PLAIN if key not in _FIRST))
"""The fields of one line on the page of names."""
_LINES: Final = (*_FIRST, *_ON_NAMES)
"""The fields of one line that are written as they are typed (the name has its own rules)."""

_MORE: Final = 11
"""Lines of the second page, the highest, beside those of its fields with several lines."""


class ContactForm(Form[Contact]):
    """Answers the contact as the user left it; None if nothing is to be done.

    A new contact needs a name and an e-mail address. One that is edited keeps what it lacks; taking away its name or
    its last address asks first. Fields that are not touched keep their values, also those that cannot be typed.

    Args:
        contact: the one to edit; None for a new one. Its id, sources and version come back unchanged.
        groups: the names of all groups, for completion.
        holders: who has an address already; None not to ask.
        values: what other contacts have in a field, for completion; None to offer nothing.
        called: what contacts are called.
        save: saves the contact, see `Form`.
    """

    CSS_PATH = [DIALOG_CSS, "contact_form.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#field-name Input"

    def __init__(
        self,
        contact: Contact | None,
        groups: Sequence[str] = (),
        *,
        holders: Holders | None = None,
        values: Values | None = None,
        called: Called = as_named,
        save: Save[Contact] | None = None,
    ) -> None:
        super().__init__()
        self.save = save
        self._new = contact is None or contact.id is None
        self._before = before = contact or Contact()
        self._group_names = list(groups)
        self._holders = holders
        self._called = called
        self._accepted: frozenset[str] = frozenset()
        self.heading = "New contact" if self._new else f"Edit {called(before) or 'contact'}"
        self.confirm_label = "Add contact" if self._new else "Update contact"

        def line(key: str, *, required: bool = False, placeholder: str = "") -> FieldEditor:
            text = FIELDS[key].read(before)
            return FieldEditor(
                key, FIELDS[key].label, text, required=required, placeholder=placeholder,
                completions=offers(values, key),
            )  # fmt: skip

        self._lines = {key: line(key) for key in _LINES if key != "birthday"}
        self._lines |= {
            key: FieldEditor(key, label, FIELDS[key].read(before), placeholder="phonetic: as it is spoken")
            for key, label in SPOKEN.items()
        }
        self._lines["birthday"] = line("birthday", placeholder="1815-12-10, or --12-10 without the year")
        self._name_field = line("name", required=self._new)
        self._emails = LinesEditor(
            "emails",
            FIELDS["emails"].label,
            (
                Part("name@example.org", 0, offers(values, "emails"), rest=REST),
                Part("label", 12, among(EMAIL_LABELS), aside=True),
            ),
            [(email.address, email.label) for email in before.emails],
            marks=True,
            main=next((place for place, email in enumerate(before.emails) if email.primary), None),
            required=self._new,
        )
        self._phones = LinesEditor(
            "phones",
            FIELDS["phones"].label,
            (Part("+44 20 7946 0000"), Part("label", 12, among(PHONE_LABELS), aside=True)),
            [(phone.number, phone.label) for phone in before.phones],
        )
        self._groups = LinesEditor(
            "groups",
            FIELDS["groups"].label,
            (Part("a group, or a new one", 0, among(self._group_names)),),
            [(name,) for name in before.groups],
        )
        self._urls = LinesEditor(
            "urls",
            FIELDS["urls"].label,
            (Part("https://example.org"), Part("label", 12, among(URL_LABELS), aside=True)),
            [(url.url, url.label) for url in before.urls],
        )
        self._labelled = {key: self._labelled_editor(key) for key in HEADINGS}
        self._custom = LinesEditor(
            "custom", FIELDS["custom"].label, (Part("name", 18), Part("value")), list(others(before.custom).items())
        )
        self._favorite = Tick("Favorite", before.favorite, id="favorite")
        self._notes = NotesEditor("notes", FIELDS["notes"].label, before.notes)
        self._addresses = AddressesEditor(before.addresses, values)

    def _labelled_editor(self, key: str) -> LinesEditor:
        values = [(labelled.value, labelled.label) for labelled in getattr(self._before, key)]
        parts = (Part(EXAMPLES[key]), Part("label", 18, among(LABELS[key]), aside=True))
        return LinesEditor(key, FIELDS[key].label, parts, values)

    # What is shown ---------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The pages."""
        lines = self._lines
        yield Pages(
            [
                ("Contact", Vertical(self._name_field, self._emails, lines["company"], lines["job_title"])),
                (
                    "More",
                    Vertical(self._phones, self._groups, self._favorite, lines["birthday"], self._urls, self._notes),
                ),
                ("Name", Vertical(*(lines[key] for key in (*_ON_NAMES, *PHONETIC)), classes="parts-of-name")),
                ("Address", Vertical(self._addresses)),
                ("People, dates", Vertical(*self._labelled.values())),
                ("Custom", Vertical(self._custom)),
            ],
            highest=_MORE + sum(editor.height for editor in (self._phones, self._groups, self._urls)),
        )

    # What is wrong ---------------------------------------------------------------------------------------------

    @on(Labelled.Left)
    def _on_left(self, event: Labelled.Left) -> None:
        """Check a field as the user leaves it; an empty one only once there is something to say."""
        field = event.field
        if field is self._name_field and not (self._new and not self._name_field.changed):
            self._check(field)
        elif field is self._emails and self._emails.changed:
            if self._check(field):
                self._look_for_others()
        elif isinstance(field, LinesEditor) and field.changed:
            self._check(field)

    def _check(self, field: Labelled) -> bool:
        """Whether `field` will do; else its problem is shown beside it."""
        try:
            self._value_of(field)
        except InvalidValue as problem:
            field.show_problem(str(problem))
            return False
        field.show_problem("")
        return True

    def _value_of(self, field: Labelled) -> object:
        before = self._before
        if field is self._name_field:
            if self._new and not clean_line(self._name_field.value):
                raise InvalidValue("name", "A contact needs a name.")
            return clean_line(self._name_field.value)
        if field is self._emails:
            if self._new and not self._emails.lines:
                raise InvalidValue("emails", "A contact needs an e-mail address.")
            return emails_from(before, self._emails.lines) if self._emails.changed else before.emails
        if field is self._phones:
            return phones_from(before, self._phones.lines) if self._phones.changed else before.phones
        if field is self._urls:
            return urls_from(before, self._urls.lines) if self._urls.changed else before.urls
        if field is self._groups:
            changed = self._groups.changed
            return groups_from(before, self._groups.lines, self._group_names) if changed else before.groups
        for key, editor in self._labelled.items():
            if field is editor:
                return labelled_from(key, before, editor.lines) if editor.changed else getattr(before, key)
        return custom_from(before, self._custom.lines) if self._custom.changed else others(before.custom)

    def _new_addresses(self) -> list[str]:
        had = {email_key(email.address) for email in self._before.emails}
        typed = [clean_address(line.texts[0]) for line in self._emails.lines if line.changed or line.origin is None]
        return [address for address in typed if is_email(address) and email_key(address) not in had]

    async def _others(self) -> list[str]:
        """A sentence for each contact that has one of the new addresses already."""
        addresses = self._new_addresses()
        if self._holders is None or not addresses:
            return []
        holders = await self._holders(addresses)
        sentences = []
        for address in addresses:
            for other in holders.get(email_key(address), ()):
                if other.id != self._before.id:
                    where = ", in the Bin," if other.deleted_at else ""
                    sentences.append(f"{self._called(other)}{where} already has {address}.")
        return sentences

    @work(group="known", exclusive=True)
    async def _look_for_others(self) -> None:
        try:
            others = await self._others()
        except CoterieError:
            return  # saving looks again, and says what is wrong
        if others and not self._emails.problem:
            self._emails.show_problem(others[0], error=False)

    # What is answered ------------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether the user changed anything."""
        editors: list[Labelled | AddressesEditor] = [self._name_field, *self._lines.values(), *self._many.values()]
        editors += [self._notes, self._addresses]
        return any(editor.changed for editor in editors) or self._favorite.value != self._before.favorite

    def _contact(self) -> Contact:
        """The contact as the user left it. Raises InvalidValue."""
        contact = self._before
        for key, editor in self._lines.items():
            if editor.changed:
                write = FIELDS[key].write
                assert write is not None
                # With a name of its own beside them, the parts are taken as they are typed.
                own = self._name_field.changed and key in NAME_PARTS
                contact = with_value(contact, key, clean_line(editor.value)) if own else write(contact, editor.value)
        if self._name_field.changed:
            parts = any(self._lines[key].changed for key in NAME_PARTS)
            write = FIELDS["name"].write
            assert write is not None
            name = self._name_field.value
            contact = replace(contact, name=clean_line(name)) if parts else write(contact, name)
        for key, field in self._many.items():
            if field.changed and key != "custom":
                contact = with_value(contact, key, self._value_of(field))
        if self._custom.changed:
            custom = custom_from(self._before, self._custom.lines)
            contact = replace(contact, custom=with_others(contact.custom, custom))
        if self._notes.changed:
            contact = replace(contact, notes=clean_lines(self._notes.value))
        if self._addresses.changed:
            contact = replace(contact, addresses=self._addresses.addresses)
        return replace(contact, favorite=self._favorite.value)

    async def make_ready(self) -> None:
        """Have all pages."""
        await self.query_one(Pages).mount_all_pages()

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """Every field, by its name."""
        return {"name": self._name_field, **self._lines, **self._many, "notes": self._notes,
                "addresses": self._addresses, "favorite": self._favorite}  # fmt: skip

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """“Ada King, 3 fields”."""
        name = clean_line(self._name_field.value) if self._new else ""
        return ", ".join(part for part in (name, number_of(len(typed), "field")) if part)

    @property
    def _many(self) -> dict[str, LinesEditor]:
        return {"emails": self._emails, "phones": self._phones, "groups": self._groups, "urls": self._urls,
                **self._labelled, "custom": self._custom}  # fmt: skip

    def check(self) -> None:
        """Finish with the contact if all is right; else go to the first field that is not."""
        wrong = [field for field in (self._name_field, *self._many.values()) if not self._check(field)]
        if wrong:
            self.query_one(Pages).reveal(wrong[0])
            self.call_after_refresh(wrong[0].go)
            return
        self.finish(self._contact())

    async def is_meant(self, answer: Contact) -> bool:
        """Ask about what is lost, and about those who have the same address."""
        verb = "Add" if self._new else "Update"
        for question, text in await self._doubts(answer):
            if not await self.app.push_screen_wait(Confirm(question, text, f"{verb} anyway", "Go back")):
                return False
        return True

    async def _doubts(self, contact: Contact) -> list[tuple[str, str]]:
        doubts = []
        lost = [
            word
            for word, had, has in (
                ("name", self._before.name, contact.name),
                ("e-mail address", self._before.emails, contact.emails),
            )
            if had and not has
        ]
        if lost:
            doubts.append(
                (f"The contact will have no {' and no '.join(lost)}.", "The contact then has only what is left.")
            )
        others = await self._others()
        if others:
            doubts.append((others[0], "Both will then have it; M finds and merges duplicates."))
        return doubts
