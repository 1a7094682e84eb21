"""One contact with all its fields, as the details screen and the inspector show it: values, and the lines they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from textual.content import Content

from coterie.core.fields import FIELDS
from coterie.core.fields.name_parts import NAME_PARTS, name_from_parts
from coterie.core.labelled import HEADINGS, others
from coterie.core.model import Address, Contact
from coterie.core.text import printable, printable_lines
from coterie.tui.widgets.row_texts import days_words

_LABEL, _LABEL_NARROW, _NARROW = 18, 10, 60
"""Cells for the labels: as a rule, and on pages of fewer cells than the last number."""

# Shown by their own lines, or together with the name.
_APART = {
    "name",
    "emails",
    "phones",
    "addresses",
    "urls",
    "custom",
    "favorite",
    "groups",
    "notes",
    "sources",
    *HEADINGS,
    *NAME_PARTS,
}
_BELOW_NAME: Final = ("job_title", "company")
"""What an inspector shows without a heading."""

_SAID: Final = {FIELDS[key].label for key in ("created_at", "updated_at")}
"""What an inspector leaves to the sentence on the last change."""

_BETWEEN: Final = "\t"
"""Between two groups, until it is known how many fit on a line: no name has a tab."""

Chip = Callable[[str], Content]
"""How a group is shown."""
Names = Callable[[str], str]
"""Makes of a text one in which accounts are called as people call them."""


class Item(NamedTuple):
    """A value of a contact.

    Attributes:
        label: what it is called.
        shown: how it is shown.
        field: the key of its field; empty for what is no value.
        place: which one it is, of a field that has several values.
        text: the value alone.
    """

    label: str
    shown: Content
    field: str = ""
    place: int = 0
    text: str = ""


class Line(NamedTuple):
    """A line of a page.

    Attributes:
        item: the place of the item that it belongs to; None for headings and blanks.
        indent: where its value begins; two blanks stand before it.
    """

    shown: Content
    item: int | None = None
    indent: int = 2


def items(contact: Contact, chip: Chip, days_left: int | None = None, names: Names = str) -> list[Item]:
    """All that is known of `contact`; what is empty is left out.

    `days_left` is how long it stays in the Bin, if it is there; `names` makes of a text one in which accounts have the
    names that people give them.
    """
    return [*_items(contact, chip, names), *_in_bin(contact, days_left, names)]


def _items(contact: Contact, chip: Chip, names: Names) -> Iterator[Item]:
    name = printable(contact.shown_name)
    yield Item("Name", Content.styled(name, "bold"), "name", text=name)
    if name_from_parts(contact) not in {"", contact.name}:
        yield Item("", Content(printable(name_from_parts(contact))))
    yield from _ways_to_reach(contact)
    for key, spec in FIELDS.items():
        if key not in _APART and (text := spec.read(contact)):
            yield Item(spec.label, Content(printable(text)), key if spec.write else "", text=text)
    if contact.groups:
        chips = Content(_BETWEEN).join(map(chip, contact.groups))
        yield Item("Groups", chips, "groups", text=", ".join(contact.groups))
    yield from _labelled_items(contact)
    for place, account in enumerate(sorted({ref.account for ref in contact.sources})):
        yield Item("Also in" if place == 0 else "", Content(printable(names(account))))
    if contact.notes:
        yield Item("Notes", Content(printable_lines(contact.notes)), "notes", text=contact.notes)


def _ways_to_reach(contact: Contact) -> Iterator[Item]:
    for place, email in enumerate(contact.emails):
        shown = _labelled(email.address, email.label, "preferred" if email.primary else "")
        yield Item("E-mail", shown, "emails", place, email.address)
    for place, phone in enumerate(contact.phones):
        yield Item("Phone", _labelled(phone.number, phone.label), "phones", place, phone.number)


def _labelled_items(contact: Contact) -> Iterator[Item]:
    for place, address in enumerate(contact.addresses):
        text = one_line(address)
        yield Item("Address", _labelled(text, address.label), "addresses", place, text)
    for place, url in enumerate(contact.urls):
        yield Item("Web site", _labelled(url.url, url.label), "urls", place, url.url)
    for key in HEADINGS:
        for place, labelled in enumerate(getattr(contact, key)):
            yield Item(FIELDS[key].label, _labelled(labelled.value, labelled.label), key, place, labelled.value)
    for place, (heading, value) in enumerate(others(contact.custom).items()):
        yield Item(heading, Content(printable(value)), "custom", place, value)


def one_line(address: Address) -> str:
    """An address in one line."""
    city = f"{address.postal_code} {address.city}".strip()
    parts = (address.po_box, address.extended, address.street, city, address.region, address.country)
    return ", ".join(filter(None, parts)).replace("\n", ", ")


def _in_bin(contact: Contact, days_left: int | None, names: Names) -> Iterator[Item]:
    if contact.deleted_at:
        when = f"{contact.deleted_at:%Y-%m-%d %H:%M}"
        who = names(contact.deleted_by or "you")
        yield Item("In the Bin", Content(printable(f"deleted on {when} by {who}")))
        yield Item("Days left", Content(days_words(days_left)))


def _labelled(value: str, *labels: str) -> Content:
    words = ", ".join(printable(label) for label in labels if label)
    return Content.assemble(printable(value), (f"  {words}" if words else "", "$text-muted"))


# The lines ------------------------------------------------------------------------------------------------------


def page(items: Sequence[Item], facts: Sequence[str], width: int) -> list[Line]:
    """The lines of a page: labels on the left, values beside them; `facts` are sentences at its end."""
    room = _LABEL if width >= _NARROW else _LABEL_NARROW
    lines = []
    for place, item in enumerate(items):
        label = Content.styled(f"{printable(item.label):<{room}}", "$text-muted")
        for part in _parts(item, width - max(room, label.cell_length) - 2):
            lines.append(Line(Content.assemble(label, "  ", part), place, label.cell_length + 2))
            label = Content(" " * label.cell_length)
    return [*lines, *_said(facts, width)]


def card(items: Sequence[Item], facts: Sequence[str], width: int) -> list[Line]:
    """The lines of a narrow page: values below their labels, the work and the company right below the name."""
    top = [place for key in ("name", *_BELOW_NAME) for place, item in enumerate(items) if item.field == key]
    rest = [place for place, item in enumerate(items) if place not in top and item.label not in _SAID]
    lines: list[Line] = []
    heading = ""
    for place in [*top, *rest]:
        item = items[place]
        if place not in top and item.label and item.label != heading:
            lines += [] if heading else [Line(Content())]
            heading = item.label
            lines.append(Line(Content.styled(printable(heading), "$text-muted")))
        lines += [Line(Content.assemble("  ", part), place) for part in _parts(item, width - 2)]
    return [*lines, *_said(facts, width)]


def _parts(item: Item, width: int) -> list[Content]:
    """The lines of a value. Groups stay whole."""
    if item.field != "groups":
        return _wrapped(item.shown, width)
    lines: list[Content] = []
    for chip in item.shown.split(_BETWEEN):
        joined = Content("  ").join([lines[-1], chip]) if lines else chip
        if lines and joined.cell_length <= width:
            lines[-1] = joined
        else:
            lines.append(chip.truncate(width, ellipsis=True))
    return lines


def _wrapped(shown: Content, width: int) -> list[Content]:
    return shown.wrap(max(width, 1)) if shown.cell_length > width or "\n" in shown.plain else [shown]


def _said(facts: Sequence[str], width: int) -> list[Line]:
    """Sentences, after a blank line."""
    said = [Content.styled(printable(fact), "$text-muted") for fact in facts]
    return [Line(part) for fact in (Content(), *said) for part in _wrapped(fact, width)] if said else []
