"""Writing vCard 4.0 (RFC 6350) and 3.0 (RFC 2426), from nothing or into a card that a server already has.

Everything a contact holds comes back from `parse_card` as it was. A well-known custom field is a property of its own
(`standard`). What vCard has no word for goes into the common extensions: a label of the user's own into Apple's
X-ABLabel, the favorite mark into X-FAVORITE, any other custom field into X-COTERIE-FIELD under an X-ABLabel with its
heading.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from functools import lru_cache
from typing import Final, Literal

from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.transfer.vcard.headings import OUR_PRODUCT, OURS
from coterie.core.transfer.vcard.labels import TYPES
from coterie.core.transfer.vcard.standard import TEXTS, is_date_or_part, write_date, write_standard
from coterie.core.transfer.vcard.values import escape, fold
from coterie.core.wellknown import WELL_KNOWN, values_of

Version = Literal["4.0", "3.0"]
_ANYWHERE: Final = frozenset({"home", "work"})  # the TYPEs that are not for TEL alone
_ROLE: Final = WELL_KNOWN["Role"].heading


class Lines:
    """The logical lines of a card in the making; numbers the groups that tie a label to its property."""

    def __init__(self, version: Version = "4.0", next_group: int = 1) -> None:
        self.version = version
        self.lines: list[str] = []
        self._next_group = next_group

    def add(self, name: str, value: str, label: str = "") -> None:
        """Add a property; `label` is what TYPE cannot say, and stands in an X-ABLabel beside it."""
        if label:
            group = f"item{self._next_group}"
            self._next_group += 1
            self.lines += (f"{group}.{name}:{value}", f"{group}.X-ABLabel:{escape(label)}")
        else:
            self.lines.append(f"{name}:{value}")


def write_lines(contact: Contact, version: Version = "4.0") -> list[str]:
    """The logical lines of the contact's properties, without BEGIN, VERSION and END."""
    lines = Lines(version)
    lines.add("PRODID", OUR_PRODUCT)
    for write in WRITERS.values():
        write(contact, lines)
    write_custom(contact, lines)
    write_revision(contact, lines)
    return lines.lines


def frame(lines: list[str], version: str) -> str:
    """The card around its logical lines, folded, with CRLF at the end of each line."""
    body = "".join([fold(line) for line in lines])
    return f"BEGIN:VCARD\r\nVERSION:{version}\r\n{body}END:VCARD\r\n"


def write_full_name(contact: Contact, lines: Lines) -> None:
    """FN, which must be there; if the contact has no name it is marked as derived (RFC 9554)."""
    if contact.name:
        lines.add("FN", escape(contact.name))
    else:
        lines.add("FN;DERIVED=TRUE", escape(contact.shown_name or contact.nickname))


def write_name(contact: Contact, lines: Lines) -> None:
    """N; if only the whole name is known, parts are derived from it for programs that read nothing else."""
    parts = [getattr(contact, key) for key in _N_ORDER]
    if any(parts):
        lines.add("N", ";".join([escape(part) for part in parts]))
    elif contact.name and contact.name != contact.company:
        given, _, family = contact.name.rpartition(" ")
        parts = [family, given] if given else ["", family]
        lines.add("N;DERIVED=TRUE", ";".join([escape(part) for part in (*parts, "", "", "")]))
    else:
        lines.add("N", ";;;;")
        if contact.name and lines.version == "4.0":
            lines.add("KIND", "org")


_N_ORDER: Final = ("family_name", "given_name", "additional_names", "prefix", "suffix")
assert set(_N_ORDER) == set(NAME_PARTS)


def write_organization(contact: Contact, lines: Lines) -> None:
    """ORG: the company and its department."""
    if contact.department:
        lines.add("ORG", f"{escape(contact.company)};{escape(contact.department)}")
    elif contact.company:
        lines.add("ORG", escape(contact.company))


def write_email(email: Email, lines: Lines) -> None:
    """One EMAIL."""
    head, label = _head("EMAIL", email.label, lines.version, email.primary)
    lines.add(head, escape(email.address), label)


def write_phone(phone: Phone, lines: Lines) -> None:
    """One TEL, as text: numbers are kept as they are written."""
    head, label = _head("TEL", phone.label, lines.version)
    if phone.number[:4].lower() == "tel:":
        head += ";VALUE=text"
    lines.add(head, escape(phone.number), label)


def write_address(address: Address, lines: Lines) -> None:
    """One ADR."""
    head, label = _head("ADR", address.label, lines.version)
    parts = (address.po_box, address.extended, address.street, address.city, address.region, address.postal_code)
    lines.add(head, ";".join([escape(part) for part in (*parts, address.country)]), label)


def write_url(url: Url, lines: Lines) -> None:
    """One URL; commas and semicolons are part of an address and need no escape."""
    head, label = _head("URL", url.label, lines.version)
    lines.add(head, url.url.replace("\\", "\\\\"), label)


@lru_cache(maxsize=1024)
def _head(name: str, label: str, version: Version, preferred: bool = False) -> tuple[str, str]:
    """The property with the TYPE for its label, and the label if TYPE alone does not say it."""
    types = TYPES.get(label.casefold(), ())
    if name != "TEL" and not _ANYWHERE.issuperset(types):
        types = ()
    rest = "" if label in TYPES and types else label
    if version == "3.0":
        types = (*(("internet",) if name == "EMAIL" else ()), *types, *(("pref",) if preferred else ()))
    elif preferred:
        name = f"{name};PREF=1"
    return (f"{name};TYPE={','.join(types)}" if types else name), rest


def write_birthday(contact: Contact, lines: Lines) -> None:
    """BDAY: a date in the version's own form, anything else as text."""
    birthday = contact.birthday
    if is_date_or_part(birthday):
        parameters, value = write_date(birthday, lines.version)
        lines.add("BDAY" + parameters, value)
    elif birthday:
        lines.add("BDAY;VALUE=text", escape(birthday))


def write_note(contact: Contact, lines: Lines) -> None:
    """NOTE."""
    if contact.notes:
        lines.add("NOTE", escape(contact.notes))


def write_groups(contact: Contact, lines: Lines) -> None:
    """CATEGORIES and the favorite mark."""
    if contact.groups:
        lines.add("CATEGORIES", ",".join([escape(group) for group in contact.groups]))
    if contact.favorite:
        lines.add("X-FAVORITE", "TRUE")


def write_custom(contact: Contact, lines: Lines) -> None:
    """Custom fields, each as a property of its own if there is one."""
    for heading, text in contact.custom.items():
        for value in values_of(text):
            write_custom_value(heading, value, lines, alone=not contact.job_title)


def write_custom_value(heading: str, value: str, lines: Lines, *, alone: bool = False) -> None:
    """One value of a custom field. A role that is `alone`, without a job title, has a label so as not to become one."""
    standard = write_standard(heading, value, lines.version)
    if standard is None:
        lines.add(OURS, escape(value), heading)
    elif heading == _ROLE and alone:
        lines.add(*standard[:2], heading)
    else:
        lines.add(*standard)


def write_revision(contact: Contact, lines: Lines) -> None:
    """REV: when the contact was last changed."""
    if moment := revision(contact):
        lines.add("REV", moment)


def revision(contact: Contact, *, extended: bool = False) -> str:
    """The value of REV; `extended` as vCard 3.0 may write it, with hyphens. Empty if the time is unknown."""
    if contact.updated_at is None:
        return ""
    return contact.updated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if extended else "%Y%m%dT%H%M%SZ")


def _text(name: str, attribute: str) -> Callable[[Contact, Lines], None]:
    def write(contact: Contact, lines: Lines) -> None:
        if text := getattr(contact, attribute):
            lines.add(name, escape(text))

    return write


def _each(attribute: str, write: Callable[..., None]) -> Callable[[Contact, Lines], None]:
    def write_all(contact: Contact, lines: Lines) -> None:
        for value in getattr(contact, attribute):
            write(value, lines)

    return write_all


WRITERS: Final[dict[str, Callable[[Contact, Lines], None]]] = {
    "FN": write_full_name,
    "N": write_name,
    "NICKNAME": _text("NICKNAME", "nickname"),
    "ORG": write_organization,
    "TITLE": _text("TITLE", "job_title"),
    "EMAIL": _each("emails", write_email),
    "TEL": _each("phones", write_phone),
    "ADR": _each("addresses", write_address),
    "URL": _each("urls", write_url),
    "BDAY": write_birthday,
    "NOTE": write_note,
    "CATEGORIES": write_groups,
} | {name: _text(name, key) for name, key in TEXTS.items()}
"""What writes which property, in the order of the card."""
