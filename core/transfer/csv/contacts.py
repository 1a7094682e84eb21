"""Rows to contacts: one small function for each column, chosen once for a file, so that a row costs little."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, Final, TypeVar

from coterie.core.model import Address, Contact, Email
from coterie.core.text import clean_line, clean_lines, email_key, fold
from coterie.core.transfer.appendix import Entry, join, take_off
from coterie.core.transfer.csv.drafting import Draft
from coterie.core.transfer.csv.setters import label_in, setter
from coterie.core.transfer.csv.targets import FURTHER, parts_of
from coterie.core.transfer.csv.values import (
    GOOGLE_SEPARATOR,
    is_company,
    is_no_name,
    recipient,
    split_emails,
    split_recipients,
)
from coterie.core.transfer.dates import date_from_parts
from coterie.core.transfer.formulas import GUARD, unmasked
from coterie.core.transfer.names import decoded_words, whole_name

_TOTAL: Final = re.compile(
    r"\d+ (?:contacts?|people|persons?|members?|guests?|rows?|records?|results?|entries|kontakte|personen)\b.*"
    r"|(?:grand |sub)?totals?\b.*|(?:gesamt)?summe\b.*|gesamt\b.*|somme\b.*|totale\b.*|suma\b.*|итого\b.*",
    re.IGNORECASE,
)

_RULE: Final = "-=:+|_ "
"""Of which the line below the heading of a table in a text consists."""
_SHORTEST_RULE: Final = 3
_PAGE: Final = re.compile(
    r"(?:page|seite|página|pagina|strona|sida|side|стр(?:аница)?)\.? ?\d+"
    r"(?: ?(?:of|/|von|de|di|sur|van|z|av|af|из) ?\d+)?",
    re.IGNORECASE,
)

# A display name of more words is no given name.
_GIVEN_WORDS: Final = 2

_T = TypeVar("_T")


class RowReader:
    """Makes the contacts of one table.

    Args:
        headings: the name of each column, none empty and none twice.
        targets: what each column becomes.
        vocabulary: the language of the headings, for the order of names.
        date_order: `dmy` or `mdy` if it is known which stands first.
        typed: whether a program wrote the file whose columns say of each value what it is.
    """

    def __init__(
        self, headings: Sequence[str], targets: Sequence[str], vocabulary: str, date_order: str, *, typed: bool = False
    ) -> None:
        self._width = len(headings)
        self._japanese = vocabulary == "ja"
        labels: dict[tuple[str, int], int] = {}
        for index, target in enumerate(targets):
            key, _, slot = parts_of(target)
            if key.endswith("_label"):
                labels[key.removesuffix("_label"), slot] = index
        self._puts = [
            setter(heading, target, labels, date_order, typed=typed)
            for heading, target in zip(headings, targets, strict=True)
        ]

    def read(self, row: list[str]) -> Contact | str | tuple[Contact, ...]:
        """The contact that `row` holds, or the sentence that says why it holds none; of a list, its members."""
        missing = self._width - len(row)
        if missing > 0:
            row = row + [""] * missing
        draft = Draft()
        for cell, put in compress(zip(row, self._puts, strict=False), row):  # most cells are empty
            if put is not None:
                first = cell[0]
                if first == GUARD:
                    put(draft, unmasked(cell), row)
                elif first == "=":
                    put(draft, decoded_words(unmasked(cell)), row)
                else:
                    put(draft, cell, row)
        if missing < 0:
            for index in range(self._width, len(row)):
                if text := clean_lines(row[index]):
                    draft.add_custom(f"Column {index + 1}", text)
        return self.contact(draft) if not draft.members and not draft.is_list else _members(draft)

    def contact(self, draft: Draft) -> Contact | str:
        """The contact of a draft, or the sentence that says why it is none."""
        fields = draft.fields
        if draft.spares:
            draft.use_spares()
        name = self._name(draft)
        if draft.other_name[1] and draft.other_name[1] not in {name, fields.get("company", "")}:
            draft.add_custom(*draft.other_name)
        if draft.other_phones:
            draft.phones += draft.other_phones
        if draft.other_title[1] and fields.setdefault("job_title", draft.other_title[1]) != draft.other_title[1]:
            draft.add_custom(*draft.other_title)
        if wrong := _nobody(draft, name or fields.get("company", "")):
            return wrong
        if name or "name" in fields:
            fields["name"] = name
        if draft.emails:
            fields["emails"] = draft.emails if len(draft.emails) == 1 else _emails(draft)
        if draft.phones:
            fields["phones"] = _once(draft.phones)
        if draft.groups:
            fields["groups"] = draft.groups if len(draft.groups) == 1 else _joined(draft.groups)
        if draft.favorite:
            fields["favorite"] = True
        if draft.custom:
            fields["custom"] = draft.custom
        _add_rarer(fields, draft)
        return Contact(**fields)

    def _name(self, draft: Draft) -> str:
        """The display name: the row's own, that of its parts, or whatever else it calls the contact."""
        fields = draft.fields
        if draft.full_name:
            return draft.full_name
        if "given_name" in fields and "family_name" not in fields and is_no_name(fields["given_name"]):
            del fields["given_name"]  # “Geen” beside a family name may be a name
        name: str = fields.get("name", "")
        if "@" in name:
            name = _without_address(draft, name)
        name = self._completed(name, fields) if name else self._joined(fields)
        return name or fields.get("nickname", "") or draft.mail_name or draft.other_name[1]

    def _completed(self, name: str, fields: dict[str, Any]) -> str:
        """A display name that is only one part of the name, or its sorting form, gives way to the whole name.

        With nothing but a family name beside it, it is taken for the given name.
        """
        given, family = fields.get("given_name", ""), fields.get("family_name", "")
        if not (given or family) or name == fields.get("company"):
            return name
        if "," in name:
            joined = self._joined(fields)
            # "Lovelace, Ada" is the sorting form of the name that the parts make.
            return joined if sorted(name.replace(",", " ").split()) == sorted(joined.split()) else name
        folded = fold(name)
        if given and family and folded in {fold(given), fold(family)}:
            return self._joined(fields)
        if family and not given and fold(family) not in folded and _may_be_given(name):
            fields["given_name"] = name
            return self._joined(fields)
        return name

    def _joined(self, fields: dict[str, Any]) -> str:
        """The display name that the name parts make: without the form of address, family name first in East Asia."""
        get = fields.get
        given, middle, family = get("given_name", ""), get("additional_names", ""), get("family_name", "")
        if given and family and not middle and given.isascii():
            return f"{given} {family}"
        name = whole_name(given, middle, family)
        # Japanese writes a blank between the names, also if no kana shows that it is Japanese.
        return f"{family} {given}" if self._japanese and given and name == family + given else name


def _members(draft: Draft) -> tuple[Contact, ...] | str:
    """The members of a distribution list, in the group of its name: people with addresses, or names of the table."""
    fields = draft.fields
    name = fields.get("name") or fields.get("nickname") or fields.get("company") or fields.get("family_name") or ""
    people = split_recipients(draft.members) or [(email.label, email.address) for email in draft.emails]
    if draft.members and "<" not in draft.members:
        people = []
        for part in re.split(r"[;\n|]" if ";" in draft.members else r"[,\n|]", draft.members):
            addresses, rest, beside = split_emails(part)
            people += [(beside, address) for address in addresses] or [(" ".join(rest), "")]
    groups = (name,) if name else ()
    members = tuple(recipient(called, address, groups) for called, address in people if called or address)
    return members or f"The list “{name}” has no members."


def _without_address(draft: Draft, name: str) -> str:
    """The name of `Ann Ash <ann@example.org>`; the address joins the others. A name that is an address is none."""
    addresses, rest, beside = split_emails(name)
    if not addresses or (rest and not beside):
        return name
    present = {email_key(email.address) for email in draft.emails}
    draft.emails += tuple([Email(address) for address in addresses if email_key(address) not in present])
    return beside


def _may_be_given(name: str) -> bool:
    return len(name.split()) <= _GIVEN_WORDS and not any(map(str.isdigit, name)) and not is_company(name)


def _nobody(draft: Draft, called: str) -> str:
    """Why a row that calls somebody `called` is no contact; empty if it is one."""
    if draft.emails or draft.phones:
        return ""
    if called:
        if len(called) >= _SHORTEST_RULE and not called.strip(_RULE):
            return "The row is a line between others, not a contact."
        if _TOTAL.fullmatch(called):
            return "The row is a total, not a contact."
        return "The row is the number of a page, not a contact." if _PAGE.fullmatch(called) else ""
    if draft.wrong:
        return f"“{draft.wrong}” is not an e-mail address, and the row has no name, company or phone number."
    return "The row has no name, e-mail address, company or phone number."


def _add_rarer(fields: dict[str, Any], draft: Draft) -> None:
    """Put what few rows have into `fields`."""
    further: list[Entry] = []
    if draft.urls:
        fields["urls"] = _once(draft.urls)
    if draft.addresses:
        fields["addresses"] = _addresses(draft.addresses)
    if draft.notes:
        fields["notes"], further = take_off("\n\n".join(dict.fromkeys(draft.notes)))
    if draft.birth:
        year, month, day = (draft.birth.get(f"birth_{part}", "") for part in ("year", "month", "day"))
        if date := date_from_parts(year, month, day):
            fields.setdefault("birthday", date)
    if further:
        join(fields, further)
    for heading, key in FURTHER.items():
        if text := fields.get("custom", {}).get(heading):
            fields[key] = clean_line(text)
            fields["custom"] = {other: value for other, value in fields["custom"].items() if other != heading}


def _joined(groups: Sequence[str]) -> tuple[str, ...]:
    """The groups of several cells, each once: as the first of them writes it, in the order of the names."""
    names = {name.casefold(): name for name in reversed(groups)}
    return tuple(sorted(names.values(), key=str.casefold))


def _emails(draft: Draft) -> tuple[Email, ...]:
    """Each address once, the preferred one first; only one of them is preferred."""
    emails: Sequence[Email] = draft.emails
    if draft.preferred:
        emails = sorted(emails, key=lambda email: not email.primary)
    once: dict[str, Email] = {}
    for place, email in enumerate(emails):
        if email.primary and place:
            email = Email(email.address, email.label)  # noqa: PLW2901 - the address without its mark
        once.setdefault(email_key(email.address), email)
    return tuple(once.values())


def _once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    """Each of `values` once, in their order."""
    return values if len(values) == 1 else tuple(dict.fromkeys(values))


def _addresses(slots: Mapping[tuple[str, int], dict[str, str]]) -> tuple[Address, ...]:
    """The addresses of the slots; Google's several addresses of one slot are taken apart."""
    addresses: list[Address] = []
    for parts in slots.values():
        label = parts.pop("label")
        if GOOGLE_SEPARATOR in label or any(GOOGLE_SEPARATOR in text for text in parts.values()):
            columns = {key: [part.strip() for part in text.split(GOOGLE_SEPARATOR)] for key, text in parts.items()}
            labels = label.split(GOOGLE_SEPARATOR)
            for place in range(max(map(len, columns.values()), default=0)):
                cells = {key: values[place] for key, values in columns.items() if place < len(values) and values[place]}
                addresses.append(_one_address(cells, labels[min(place, len(labels) - 1)]))
        elif parts:
            addresses.append(_one_address(parts, label))
    return _once(tuple(addresses))


def _consists_of(text: str, parts: Iterable[str]) -> bool:
    """Whether nothing but `parts` stands in a text."""
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, " ", 1)
    return not any(map(str.isalnum, text))


def _one_address(parts: dict[str, str], label: str) -> Address:
    """An address of its parts; a formatted one stands in for the street if there are no parts."""
    formatted = parts.pop("address", "")
    if number := parts.pop("house_number", ""):
        street, line_end, further = parts.get("street", "").partition("\n")
        parts["street"] = (street if street.endswith(number) else f"{street} {number}".strip()) + line_end + further
    if formatted and "street" not in parts and not _consists_of(formatted, parts.values()):
        # Parts that the formatted address repeats would stand twice.
        parts = {**({} if any(text in formatted for text in parts.values()) else parts), "street": formatted}
    if label:
        parts["label"] = label_in(label)[0]
    return Address(**parts)
