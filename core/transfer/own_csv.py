"""Our own CSV layout: one table that both writes contacts and reads them back, without loss.

Its headings are words that people understand, so that a spreadsheet of it can be edited; the numbered ones are
Google's, which many programs know: `Name`, `Given name`, …, `E-mail 1 - Label`, `E-mail 1 - Value`, …, `Spouse`,
`Custom: Shoe size`. The preferred address is marked by `* ` before its label, as Google does it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from coterie.core.errors import Stale
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import ONE_LINE
from coterie.core.labelled import is_field
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_line, clean_lines, clean_number, email_key, group_key
from coterie.core.transfer.addresses import find_addresses
from coterie.core.transfer.dates import rewritten_date
from coterie.core.transfer.formulas import unguard, unmasked, whole_number
from coterie.core.transfer.shape import GROWN, Shape

_ADDRESS: Final = {
    "label": "Label", "street": "Street", "city": "City", "po_box": "PO Box", "region": "Region",
    "postal_code": "Postal Code", "country": "Country", "extended": "Extended Address",
}  # fmt: skip
FIXED: Final = tuple(FIELDS[key].label for key in (*ONE_LINE, "groups", "favorite", "notes"))
"""The headings that are always there."""
_FIRST: Final = frozenset({
    "Name", "Prefix", "Given name", "Additional names", "Family name", "Suffix", "Nickname", "Company", "Department",
    "Job title", "Birthday", "Groups", "Favorite", "Notes",
})  # fmt: skip
"""Those that the layout has had since its first version; by them it is recognized."""
_CUSTOM: Final = "Custom: "
_YES: Final = frozenset({"yes", "true", "1", "x", "*", "★"})
_SLOT: Final = re.compile(r"(E-mail|Phone|Website|Address) (\d{1,4}) - (.+)")
NOBODY: Final = "The row is empty."
LAYOUT: Final = "Coterie"
"""What the preview calls the layout."""
_FIRST_CELLS: Final = attrgetter(*ONE_LINE)
_ADDRESS_CELLS: Final = attrgetter(*[key for key in _ADDRESS if key != "label"])


class OwnCsv:
    """The layout for contacts of a certain shape."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        # Where the columns of each kind end.
        self._emails_end = len(FIXED) + 2 * shape.emails
        self._phones_end = self._emails_end + 2 * shape.phones
        self._urls_end = self._phones_end + 2 * shape.urls
        self._addresses_end = self._urls_end + len(_ADDRESS) * shape.addresses
        self._empty = [""] * self._addresses_end
        self._no_custom = [""] * len(shape.custom)

    def headings(self) -> list[str]:
        """The heading line."""
        shape = self._shape
        headings = list(FIXED)
        for kind, count in (("E-mail", shape.emails), ("Phone", shape.phones), ("Website", shape.urls)):
            for number in range(1, count + 1):
                headings += (f"{kind} {number} - Label", f"{kind} {number} - Value")
        for number in range(1, shape.addresses + 1):
            headings += [f"Address {number} - {part}" for part in _ADDRESS.values()]
        return headings + [heading if is_field(heading) else _CUSTOM + heading for heading in shape.custom]

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact. Raises Stale if it has more than the shape says."""
        cells = [
            *_FIRST_CELLS(contact),
            joined(contact.groups) if contact.groups else "",
            "yes" if contact.favorite else "",
            contact.notes,
        ]
        for email in contact.emails:
            cells += (_marked(email.label, email.primary), email.address)
        self._fill(cells, self._emails_end)
        for phone in contact.phones:
            cells += (_marked(phone.label), phone.number)
        if contact.urls or contact.addresses:
            self._fill(cells, self._phones_end)
            for url in contact.urls:
                cells += (_marked(url.label), url.url)
            self._fill(cells, self._urls_end)
            for address in contact.addresses:
                cells += (_marked(address.label), *_ADDRESS_CELLS(address))
        elif len(cells) > self._phones_end:
            raise Stale(GROWN, "Export again.")
        self._fill(cells, self._addresses_end)
        if self._shape.custom:
            custom = contact.custom
            cells += [custom.get(heading, "") for heading in self._shape.custom] if custom else self._no_custom
        return cells

    def _fill(self, cells: list[str], width: int) -> None:
        missing = width - len(cells)
        if missing > 0:
            cells += self._empty[:missing]
        elif missing:
            raise Stale(GROWN, "Export again.")


@lru_cache(maxsize=1024)
def _marked(label: str, primary: bool = False) -> str:
    """The label as it stands in its cell; an asterisk or backslash of its own is escaped."""
    if label[:1] in {"*", "\\"}:
        label = "\\" + label
    return f"* {label}".rstrip() if primary else label


def _unmarked(cell: str) -> tuple[str, bool]:
    primary = cell == "*" or cell.startswith("* ")
    label = cell[1:].strip() if primary else cell
    return label.removeprefix("\\"), primary


def joined(names: Sequence[str]) -> str:
    """Names in one cell, separated by semicolons; as a JSON list if a name itself has a semicolon or a bracket."""
    text = "; ".join(names)
    if "[" in text or text.count(";") != len(names) - 1:
        return json.dumps(list(names), ensure_ascii=False)
    return text


def split_names(cell: str) -> tuple[str, ...]:
    """The names in a cell, each once, in their order."""
    names: list[str] = []
    if cell[:1] == "[":
        try:
            values = json.loads(cell)
        except ValueError:
            values = None
        if isinstance(values, list):
            names = [value for value in values if isinstance(value, str)]
    names = names or cell.split(";")
    unique = {group_key(name): name for part in reversed(names) if (name := clean_line(part))}
    return tuple(sorted(unique.values(), key=str.casefold))


class OwnReader:
    """Reads the rows of a table whose headings are all ours, also after a spreadsheet saved it.

    Args:
        columns: what each column holds.
        date_order: `dmy` or `mdy` if it is known which stands first in dates that a spreadsheet wrote anew.
    """

    def __init__(self, columns: list[tuple[str, int, str]], date_order: str = "") -> None:
        self._columns = columns
        self._date_order = date_order

    @classmethod
    def of(cls, headings: Sequence[str], date_order: str = "") -> OwnReader | None:
        """The reader for a heading line; None if it is not ours, or not ours alone."""
        if not _FIRST.issubset(headings):
            return None
        columns = [_column(heading) for heading in headings]
        return None if None in columns else cls([column for column in columns if column is not None], date_order)

    def read(self, row: Sequence[str]) -> Contact | str:
        """The contact in a row, or the sentence that says why it holds none."""
        contact = self.contact(row)
        return NOBODY if contact == Contact() else contact

    def contact(self, row: Sequence[str]) -> Contact:
        """The contact in a row, which may be shorter than the heading line; guards against formulas are taken off."""
        single: dict[str, str] = {}
        slots: _Slots = {}
        custom: dict[str, str] = {}
        for (kind, number, part), cell in zip(self._columns, row, strict=False):
            if not cell:
                continue
            text = clean_lines(unmasked(cell) if cell[0] == "=" else unguard(cell))
            if kind == _CUSTOM:
                custom[part] = text
            elif number:
                slots.setdefault((kind, number), {})[part] = text
            else:
                single[part] = text
        texts: dict[str, Any] = {key: clean_line(single.get(key, "")) for key in ONE_LINE}
        texts["birthday"] = rewritten_date(texts["birthday"], self._date_order)
        emails, phones, urls, addresses = _values(slots, custom)
        return Contact(
            **texts,
            emails=emails,
            phones=phones,
            urls=urls,
            addresses=addresses,
            groups=split_names(single.get("groups", "")),
            favorite=single.get("favorite", "").casefold() in _YES,
            notes=single.get("notes", ""),
            custom=custom,
        )


_Slots = dict[tuple[str, int], dict[str, str]]
_Values = tuple[tuple[Email, ...], tuple[Phone, ...], tuple[Url, ...], tuple[Address, ...]]


def _values(slots: _Slots, custom: dict[str, str]) -> _Values:
    """The values of the numbered columns, in the order of their numbers; what is no e-mail address goes to `custom`."""
    emails: dict[str, Email] = {}
    phones: list[Phone] = []
    urls: list[Url] = []
    addresses: list[Address] = []
    for (kind, _), parts in sorted(slots.items()):
        label, primary = _unmarked(clean_line(parts.pop("label", "")))
        value = clean_line(parts.get("value", ""))
        if kind == "Address":
            if parts:
                addresses.append(Address(label=label, **parts))
        elif kind == "E-mail":
            typed = find_addresses(value)  # somebody may have typed several
            for address in typed:
                emails.setdefault(email_key(address), Email(address, label, primary and address == typed[0]))
            if value and not typed:
                custom.setdefault("E-mail", value)
        elif value and kind == "Website":
            urls.append(Url(value, label))
        elif value and (number := whole_number(value)) is None:
            phones.append(Phone(clean_number(value), label))
        elif value and number:
            phones.append(Phone(number, label))
        elif value:  # a spreadsheet rounded the number: it reaches nobody
            custom.setdefault("Phone", value)
    return tuple(emails.values()), tuple(phones), tuple(urls), tuple(addresses)


_KEYS: Final = {FIELDS[key].label: key for key in (*ONE_LINE, "groups", "favorite", "notes")}
_PARTS: Final = {label: key for key, label in _ADDRESS.items()}


def _column(heading: str) -> tuple[str, int, str] | None:
    """What a heading stands for: the kind, the number of the slot (0: none) and the part; None if it is not ours."""
    heading = unguard(heading)
    if heading in _KEYS:
        return "", 0, _KEYS[heading]
    if is_field(heading):
        return _CUSTOM, 0, heading
    if heading.startswith(_CUSTOM):
        return _CUSTOM, 0, clean_line(heading[len(_CUSTOM) :])
    match = _SLOT.fullmatch(heading)
    if not match:
        return None
    kind, number, part = match[1], int(match[2]), match[3]
    key = _PARTS.get(part) if kind == "Address" else {"Value": "value", "Label": "label"}.get(part)
    return (kind, number, key) if key and number else None
