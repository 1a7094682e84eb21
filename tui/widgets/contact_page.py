"""One contact with all its fields, as the details screen shows it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from coterie.core.fields import FIELDS, NAME_PARTS, name_from_parts
from coterie.core.labelled import HEADINGS, others
from coterie.core.model import Contact
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


def contact_page(contact: Contact, width: int = 80, days_left: int | None = None) -> Content:
    """All that is known of `contact`, one value a line, each with its label; what is empty is left out.

    `days_left` is how long it stays in the Bin, if it is there.
    """
    room = _LABEL if width >= _NARROW else _LABEL_NARROW
    return Content("\n").join(
        Content.assemble((f"{printable(label):<{room}}", "$text-muted"), "  ", value)
        for label, value in (*_lines(contact), *_in_bin(contact, days_left))
    )


def _lines(contact: Contact) -> Iterator[tuple[str, Content]]:
    yield "Name", Content.styled(printable(contact.shown_name), "bold")
    if name_from_parts(contact) not in {"", contact.name}:
        yield "", Content(printable(name_from_parts(contact)))
    for email in contact.emails:
        yield "E-mail", _labelled(email.address, email.label, "preferred" if email.primary else "")
    for phone in contact.phones:
        yield "Phone", _labelled(phone.number, phone.label)
    for key, spec in FIELDS.items():
        if key not in _APART and (text := spec.read(contact)):
            yield spec.label, Content(printable(text))
    if contact.groups:
        yield "Groups", Content(printable(", ".join(contact.groups)))
    for address in contact.addresses:
        parts = (
            address.po_box,
            address.extended,
            address.street,
            f"{address.postal_code} {address.city}".strip(),
            address.region,
            address.country,
        )
        yield "Address", _labelled(", ".join(filter(None, parts)).replace("\n", ", "), address.label)
    yield from _labelled_lines(contact)
    for place, name in enumerate(sorted({ref.account for ref in contact.sources})):
        yield "Also in" if place == 0 else "", Content(printable(name))
    for place, line in enumerate(printable_lines(contact.notes).split("\n") if contact.notes else ()):
        yield "Notes" if place == 0 else "", Content(line)


def _labelled_lines(contact: Contact) -> Iterator[tuple[str, Content]]:
    for url in contact.urls:
        yield "Web site", _labelled(url.url, url.label)
    for key in HEADINGS:
        for one in getattr(contact, key):
            yield FIELDS[key].label, _labelled(one.value, one.label)
    for heading, value in others(contact.custom).items():
        yield heading, Content(printable(value))


def _in_bin(contact: Contact, days_left: int | None) -> Iterator[tuple[str, Content]]:
    if contact.deleted_at:
        when = f"{contact.deleted_at:%Y-%m-%d %H:%M}"
        yield "In the Bin", Content(printable(f"deleted on {when} by {contact.deleted_by or 'you'}"))
        yield "Days left", Content(days_words(days_left))


def _labelled(value: str, *labels: str) -> Content:
    words = ", ".join(printable(label) for label in labels if label)
    return Content.assemble(printable(value), (f"  {words}" if words else "", "$text-muted"))
