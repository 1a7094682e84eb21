"""Between the lines of the contact form and the values of a contact.

Each function takes the contact as it was and the lines as the user left them. A line that was not touched keeps its
value, even one that could not be typed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from coterie.core.errors import InvalidValue
from coterie.core.fields.kinds import checked_value
from coterie.core.labelled import Labelled, others
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, email_key, group_key, is_email, printable
from coterie.tui.offers import Values, offers
from coterie.tui.widgets.field_editor import FieldEditor
from coterie.tui.widgets.lines_editor import Line

EMAIL_LABELS: Final = ("home", "work", "other")
PHONE_LABELS: Final = ("home", "work", "mobile", "main", "fax", "pager", "other")
URL_LABELS: Final = ("home", "work", "blog", "profile", "other")
LABELS: Final[Mapping[str, Sequence[str]]] = {
    "relations": ("spouse", "partner", "child", "parent", "mother", "father", "brother", "sister", "friend", "relative",
                  "manager", "assistant", "emergency contact"),
    "events": ("anniversary", "name day"),
    "ims": ("Signal", "WhatsApp", "Telegram", "Matrix", "XMPP", "Skype", "Teams", "Slack"),
}  # fmt: skip
"""Labels to choose from in the fields of `core.labelled`; any other will do."""
SPOKEN: Final = {
    "phonetic_given_name": "Given, spoken",
    "phonetic_additional_names": "Additional, spoken",
    "phonetic_family_name": "Family, spoken",
    "phonetic_company": "Company, spoken",
}
"""What the phonetic names are called, for there is little room."""
EXAMPLES: Final = {"relations": "a name", "events": "2001-05-20, or --05-20", "ims": "a name or number there"}
_THINGS: Final = {"relations": "name", "events": "date", "ims": "name or number"}


def emails_from(contact: Contact, lines: Iterable[Line]) -> tuple[Email, ...]:
    """The e-mail addresses. Raises InvalidValue, which names the one that is none or that is there twice."""
    emails: list[Email] = []
    seen: set[str] = set()
    for line in lines:
        if line.origin is not None and not line.changed:
            email = contact.emails[line.origin]
        else:
            address, label = clean_address(line.texts[0]), clean_line(line.texts[1])
            if not address:
                raise InvalidValue("emails", f"The address for “{label}” is missing.")
            if not is_email(address):
                raise InvalidValue(
                    "emails", f"“{address}” is not an e-mail address.", "Write it like name@example.org."
                )
            if email_key(address) in seen:
                raise InvalidValue("emails", f"“{address}” is here twice.")
            email = Email(address, label)
        seen.add(email_key(email.address))
        emails.append(replace(email, primary=line.main))
    return tuple(emails)


def phones_from(contact: Contact, lines: Iterable[Line]) -> tuple[Phone, ...]:
    """The phone numbers. Raises InvalidValue if a label has no number."""
    return tuple(
        contact.phones[line.origin]
        if line.origin is not None and not line.changed
        else Phone(*_labelled("phones", "number", line.texts))
        for line in lines
    )


def urls_from(contact: Contact, lines: Iterable[Line]) -> tuple[Url, ...]:
    """The web addresses. Raises InvalidValue if a label has none."""
    return tuple(
        contact.urls[line.origin]
        if line.origin is not None and not line.changed
        else Url(*_labelled("urls", "web address", line.texts))
        for line in lines
    )


def _labelled(field: str, thing: str, texts: Sequence[str]) -> tuple[str, str]:
    value, label = map(clean_line, texts)
    if not value:
        raise InvalidValue(field, f"The {thing} for “{label}” is missing.")
    return value, label


def groups_from(contact: Contact, lines: Iterable[Line], existing: Sequence[str]) -> tuple[str, ...]:
    """The names of the groups, in their order; a group that exists keeps its own spelling."""
    spelled = {group_key(name): name for name in existing}
    names: dict[str, str] = {}
    for line in lines:
        if line.origin is not None and not line.changed:
            name = contact.groups[line.origin]
        else:
            typed = clean_line(line.texts[0])
            name = spelled.get(group_key(typed), typed)
        names.setdefault(group_key(name), name)
    return tuple(sorted(names.values(), key=str.casefold))


def labelled_from(key: str, contact: Contact, lines: Iterable[Line]) -> tuple[Labelled, ...]:
    """The values of a field of `core.labelled`. Raises InvalidValue if a label has none or a date is none."""
    before: tuple[Labelled, ...] = getattr(contact, key)
    return tuple(
        before[line.origin]
        if line.origin is not None and not line.changed
        else checked_value(key, Labelled(*_labelled(key, _THINGS[key], line.texts)))
        for line in lines
    )


def custom_from(contact: Contact, lines: Iterable[Line]) -> dict[str, str]:
    """The custom fields. Raises InvalidValue if a value has no heading or a heading is there twice."""
    before = others(contact.custom)
    headings = list(before)
    custom: dict[str, str] = {}
    for line in lines:
        if line.origin is not None and not line.changed:
            heading = headings[line.origin]
            value = before[heading]
        else:
            heading, value = map(clean_line, line.texts)
        if not heading:
            raise InvalidValue("custom", f"The name of the field that holds “{value}” is missing.")
        if heading in custom:
            raise InvalidValue("custom", f"“{heading}” is here twice.")
        custom[heading] = value
    return custom


ADDRESS_PARTS: Final = (
    ("street", "Street"),
    ("extended", "Apartment"),
    ("po_box", "P.O. box"),
    ("postal_code", "Postal code"),
    ("city", "City"),
    ("region", "Region"),
    ("country", "Country"),
    ("label", "Label"),
)


class AddressEditor(Vertical):
    """One postal address, a line for each of its parts.

    Args:
        place: which one it is, to tell its fields from the others'.
        address: as it was.
        values: what other contacts have there, for completion.
    """

    DEFAULT_CSS = "AddressEditor { height: auto; margin-bottom: 1; }"

    def __init__(self, place: int, address: Address, values: Values | None = None) -> None:
        super().__init__()
        self._address = address
        self.editors = {
            part: FieldEditor(
                f"address-{place}-{part}", label, getattr(address, part), completions=offers(values, part)
            )
            for part, label in ADDRESS_PARTS
        }

    def compose(self) -> ComposeResult:
        """Its parts."""
        yield from self.editors.values()

    @property
    def changed(self) -> bool:
        """Whether the user changed a part."""
        return any(editor.changed for editor in self.editors.values())

    @property
    def kept(self) -> list[dict[str, str]]:
        """What it began as, and the parts that were typed."""
        began = {part: printable(text) for part, _ in ADDRESS_PARTS if (text := getattr(self._address, part))}
        return [began, {part: text for part, editor in self.editors.items() if (text := editor.typed) is not None}]

    @property
    def address(self) -> Address:
        """As the user left it."""
        return replace(
            self._address,
            **{part: clean_line(editor.value) for part, editor in self.editors.items() if editor.changed},
        )


class AddressesEditor(Vertical):
    """All postal addresses of a contact; one that is emptied goes away, ctrl+n begins another."""

    DEFAULT_CSS = "AddressesEditor { height: auto; }"
    hint = "Empty an address to remove it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "add_address", "another address", tooltip="Add an address.")
    ]

    def __init__(self, addresses: Sequence[Address], values: Values | None = None) -> None:
        super().__init__()
        self._values = values
        self._editors = [self._editor(place, address) for place, address in enumerate(addresses or (Address(),))]

    def _editor(self, place: int, address: Address) -> AddressEditor:
        return AddressEditor(place, address, self._values)

    def compose(self) -> ComposeResult:
        """One beneath the other."""
        yield from self._editors

    async def action_add_address(self) -> None:
        """Begin another address."""
        editor = self._editor(len(self._editors), Address())
        self._editors.append(editor)
        await self.mount(editor)
        editor.editors["street"].go()

    @property
    def changed(self) -> bool:
        """Whether the user changed one of them."""
        return any(editor.changed for editor in self._editors)

    @property
    def typed(self) -> list[list[dict[str, str]]] | None:
        """Of each address what it began as and what was typed, for `tui.widgets.modal.Keeps`."""
        return [editor.kept for editor in self._editors] if self.changed else None

    async def put_back(self, typed: Sequence[Sequence[Mapping[str, str]]]) -> None:
        """Put back what was typed before, into the addresses that are still there, else into new ones."""
        free = list(self._editors)
        for began, texts in typed:
            editor = next((editor for editor in free if editor.kept[0] == began), None)
            if editor is None and texts:
                editor = self._editor(len(self._editors), Address())
                self._editors.append(editor)
                await self.mount(editor)
            elif editor is not None:
                free.remove(editor)
            if editor is not None:
                for part, text in texts.items():
                    await editor.editors[part].put_back(text)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """As the user left them."""
        return tuple(
            editor.address
            for editor in self._editors
            if any(getattr(editor.address, part) for part, _ in ADDRESS_PARTS[:-1])
        )
