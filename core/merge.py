"""Making one contact of several, without losing anything that any of them says.

`merge` joins duplicates and `absorb` what an import brings to a contact that is known: lists are united by what makes
two values one (`email_key`, `phone_key`, …), empty fields are filled, and if the two differ, the contact
that is kept wins and the other value goes to its custom fields, as “Company (2)”, unless a `Settle` says otherwise.
Doing the same again changes nothing. `core.merge3` settles edits on two sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from enum import StrEnum
from functools import partial
from typing import Any, Final, TypeVar

from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import ATTRIBUTES, PLAIN
from coterie.core.fields.differences import changed_values
from coterie.core.fields.name_parts import NAME_PARTS, parts_of_name, renamed
from coterie.core.labelled import joined, place_of
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import email_key, group_key, phone_key
from coterie.core.wellknown import are_dates

T = TypeVar("T")

_FIGURES: Final = re.compile(r"[0-9]+")
_NUMBERED: Final = re.compile(r"(?P<label>.*\S) \([0-9]+\)")
_TEXTS: Final = {spec.label: key for key, spec in FIELDS.items() if isinstance(getattr(Contact(), key), str)}
_NAMES: Final = ("name", *NAME_PARTS)
# What belongs to one job: a job title of one company is not put beside another company.
_ORGANIZATION: Final = ("company", "department", "job_title")


class Keep(StrEnum):
    """Which value stays if two contacts differ."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


Settle = Callable[[str, str, str], Keep]
"""Asked with the field's name as users read it, the value of the contact that stays, and the other one."""


def keep_both(_field: str, _ours: str, _theirs: str) -> Keep:
    """The contact that stays keeps its value, the other one goes to its custom fields."""
    return Keep.BOTH


def take_theirs(_field: str, _ours: str, _theirs: str) -> Keep:
    """The other value takes the place of the one that was there."""
    return Keep.THEIRS


def merge(contacts: Iterable[Contact], keep: Contact) -> Contact:
    """`keep` with everything that `contacts` add to it. `keep` itself may be among them."""
    merged = keep
    for contact in contacts:
        if contact is not keep:
            merged = _join(merged, contact)
    return merged


def absorb(ours: Contact, incoming: Contact, settle: Settle = keep_both) -> dict[str, object]:
    """The attributes of `ours` that change when `incoming` joins it, with their new values; empty for none.

    `settle` is asked if the two differ. Lists are united, and nothing goes that `incoming` leaves out.
    """
    merged = _join(ours, incoming, settle)
    if merged is ours:  # an import of the same file again
        return {}
    return changed_values(ours, merged)


def with_second_value(contact: Contact, label: str, was: str, now: str) -> Mapping[str, str]:
    """The custom fields of `contact` with `now`, which somebody else says in the field `label`, in the place of `was`.

    It stands as “Company (2)”; an empty text takes it away.
    """
    places = [key for key, text in contact.custom.items() if was and text == was and _Resolver.is_numbered(key, label)]
    if places and now:
        return {**contact.custom, places[0]: now}
    custom = {key: text for key, text in contact.custom.items() if key not in places}
    resolver = _Resolver(replace(contact, custom=custom), keep_both)
    resolver.add(f"{label} (2)", now)
    return resolver.custom


def _says_nothing_new(value: object, ours: object) -> bool:
    if not value or value == ours:
        return True
    return isinstance(value, tuple) and isinstance(ours, tuple) and all(item in ours for item in value)


def email_id(email: Email) -> str:
    """What makes two e-mail addresses one."""
    return email_key(email.address)


def phone_id(phone: Phone) -> str:
    """What makes two phone numbers one: the digits, or the text if there are none."""
    return phone_key(phone.number) or _same(phone.number)


def url_id(url: Url) -> str:
    """What makes two web addresses one."""
    return url.url.strip().casefold().rstrip("/")


def address_id(address: Address) -> tuple[str, ...]:
    """What makes two postal addresses one: everything but the label."""
    return tuple(map(_same, astuple(replace(address, label=""))))


def _same(text: str) -> str:
    """What of a text counts: not its case, not its blanks and line ends."""
    return group_key(text)


IDENTITIES: Final[Mapping[str, Callable[[Any], Hashable]]] = {
    "emails": email_id, "phones": phone_id, "addresses": address_id, "urls": url_id, "groups": group_key,
}  # fmt: skip
"""What makes two values of a list one."""


def _join(keep: Contact, other: Contact, settle: Settle = keep_both) -> Contact:
    """`keep` with what `other` adds to it. Only the attributes that say something new are looked at closely."""
    new = {name for name in ATTRIBUTES if not _says_nothing_new(getattr(other, name), getattr(keep, name))}
    if not new:
        return keep
    resolver = _Resolver(keep, settle)
    values: dict[str, object] = {}
    if not new.isdisjoint(_NAMES):
        values |= _names(keep, other, resolver)
    if not new.isdisjoint(_ORGANIZATION):
        values |= _organization(keep, other, resolver)
    for name in new.intersection(_SINGLE):
        values[name] = _SINGLE[name](keep, other, resolver)
    for heading, text in other.custom.items():
        resolver.join(heading, text)
    return replace(keep, **values, custom=resolver.custom)  # type: ignore[arg-type]


class _Resolver:
    """Decides between the values of two contacts; what loses goes to the custom fields of the merged contact."""

    def __init__(self, keep: Contact, settle: Settle) -> None:
        self._keep = keep
        self._settle = settle
        self.custom: Mapping[str, str] = keep.custom
        self.theirs_win = settle is take_theirs

    def choose(self, key: str, kept: str, other: str) -> str:
        """The value of a field; if the two differ, `other` may be put aside."""
        if not kept or not other:
            return kept or other
        if _same(kept) == _same(other):
            return other if self.theirs_win else kept
        match self.settle(key, kept, other):
            case Keep.THEIRS:
                return other
            case Keep.BOTH:
                self.put(key, other)
        return kept

    def settle(self, key: str, ours: str, theirs: str) -> Keep:
        """Which value of a field stays; what was put aside before is not asked about again."""
        label = FIELDS[key].label
        if not self.theirs_win and _same(theirs) in map(_same, self._taken(label).values()):
            return Keep.BOTH
        return self._settle(label, ours, theirs)

    def put(self, key: str, text: str) -> None:
        """Keep a value of the field `key` that is not the contact's own."""
        self.add(f"{FIELDS[key].label} (2)", text)

    def add(self, heading: str, text: str) -> None:
        """Keep `text` under `heading`, or under it with the next number, unless it is there already."""
        if not text:
            return
        label = self._label(heading)
        if _same(text) in self._values_of(label):
            return
        number = 2
        while self.custom.get(heading):
            heading = f"{label} ({number})"
            number += 1
        self.custom = {**self.custom, heading: text}

    def join(self, heading: str, text: str) -> None:
        """The other contact's custom field joins those of this one."""
        ours = self.custom.get(heading, "")
        if text and ours and place_of(heading, dated=are_dates(f"{ours}\n{text}"))[0]:
            lines = set(map(_same, ours.split("\n")))
            new = [line for line in text.split("\n") if _same(line) not in lines]
            self.custom = joined(self.custom, {heading: new})
        elif text and ours and self.theirs_win and text != ours:
            self.custom = {**self.custom, heading: text}
        elif text and ours and _same(text) not in self._values_of(self._label(heading)):
            match self._settle(heading, ours, text):
                case Keep.THEIRS:
                    self.custom = {**self.custom, heading: text}
                case Keep.BOTH:
                    self.add(heading, text)
        else:
            self.add(heading, text)

    def _taken(self, label: str) -> dict[str, str]:
        """The custom fields that hold values of `label`."""
        return {key: value for key, value in self.custom.items() if key == label or self._label(key) == label}

    def _values_of(self, label: str) -> set[str]:
        """The values of `label` that the contact has, in its field too."""
        values = {_same(value) for value in self._taken(label).values()}
        return values | {_same(getattr(self._keep, _TEXTS[label]))} if label in _TEXTS else values

    @staticmethod
    def is_numbered(heading: str, label: str) -> bool:
        """Whether a custom field holds another value of a field: “Company (2)”."""
        numbered = _NUMBERED.fullmatch(heading)
        return numbered is not None and numbered["label"] == label

    @staticmethod
    def _label(heading: str) -> str:
        numbered = _NUMBERED.fullmatch(heading)
        return numbered["label"] if numbered else heading


def _names(keep: Contact, other: Contact, resolver: _Resolver) -> dict[str, object]:
    """The name and its parts: they belong together."""
    mine = {part: value for part in NAME_PARTS if (value := getattr(keep, part))}
    theirs = {part: value for part in NAME_PARTS if (value := getattr(other, part))}
    ours, others = (_without_address(name, (*keep.emails, *other.emails)) for name in (keep.name, other.name))
    is_one = not ours or not others or _same(ours) == _same(others)
    agree = all(_same(mine[part]) == _same(value) for part, value in theirs.items() if part in mine)
    if is_one and keep.name and not mine and not resolver.theirs_win and theirs == parts_of_name(keep.name):
        return {}  # they were only guessed from the name
    if is_one and agree:
        if resolver.theirs_win:
            return {"name": others or ours or keep.name, **mine, **theirs}
        return {"name": ours or others or keep.name or other.name, **theirs, **mine}
    said = (" ".join(mine.values()), " ".join(theirs.values())) if is_one else (keep.name, other.name)
    match resolver.settle("name", *said):
        case Keep.THEIRS if theirs:
            return {"name": other.name or keep.name, **theirs}
        case Keep.THEIRS:
            return {key: getattr(renamed(keep, other.name), key) for key in _NAMES}
        case Keep.OURS:
            return {}
    if not is_one:
        resolver.put("name", other.name)
    for part, value in theirs.items():
        # A part that stands in the other name, which is kept, is not lost.
        if f" {_same(value)} " not in f" {_same(other.name)} " and _same(value) != _same(mine.get(part, "")):
            resolver.put(part, value)
    return {"name": keep.name or other.name}


def _without_address(name: str, emails: Iterable[Email]) -> str:
    """The name, unless it is one of the addresses, which mail programs write if there is no name."""
    return "" if "@" in name and email_key(name) in map(email_id, emails) else name


def _organization(keep: Contact, other: Contact, resolver: _Resolver) -> dict[str, object]:
    if not (keep.company and other.company) or _same(keep.company) == _same(other.company):
        return {key: resolver.choose(key, getattr(keep, key), getattr(other, key)) for key in _ORGANIZATION}
    match resolver.settle("company", keep.company, other.company):
        case Keep.THEIRS:
            return {key: getattr(other, key) or getattr(keep, key) for key in _ORGANIZATION}
        case Keep.OURS:
            return {}
    for key in _ORGANIZATION:
        if (value := getattr(other, key)) and _same(value) != _same(getattr(keep, key)):
            resolver.put(key, value)
    return {}


def _text(key: str, keep: Contact, other: Contact, resolver: _Resolver) -> str:
    return resolver.choose(key, getattr(keep, key), getattr(other, key))


def _birthday(keep: Contact, other: Contact, resolver: _Resolver) -> str:
    """A date with its year says more than one without (`--12-10`)."""
    dates = sorted((keep.birthday, other.birthday), key=lambda text: text.startswith("--"))
    if dates[1].startswith("--") and dates[0][4:] == dates[1][1:]:
        return dates[0]
    if not resolver.theirs_win and _may_be_one_day(keep.birthday, other.birthday):
        return keep.birthday
    return resolver.choose("birthday", keep.birthday, other.birthday)


def _may_be_one_day(some: str, other: str) -> bool:
    """Whether one date is written as ISO 8601 has it and the other, of the same figures, in some country's order."""
    mine, theirs = (sorted(map(int, _FIGURES.findall(text))) for text in (some, other))
    return mine == theirs and len(mine) == 3 and some[:4].isdecimal() != other[:4].isdecimal()


def _notes(kept: str, other: str, resolver: _Resolver) -> str:
    if _same(other) in _same(kept):
        return kept
    if _same(kept) in _same(other):
        return other
    chosen = {Keep.OURS: kept, Keep.THEIRS: other, Keep.BOTH: f"{kept}\n\n{other}"}
    return chosen[resolver.settle("notes", kept, other)]


def _emails(kept: Sequence[Email], others: Sequence[Email], resolver: _Resolver) -> tuple[Email, ...]:
    emails = _united(kept, others, email_id, resolver)
    preferred = next(
        (email_id(email) for email in ((*others, *kept) if resolver.theirs_win else (*kept, *others)) if email.primary),
        None,
    )
    return tuple(
        replace(e, primary=is_first) if e.primary != (is_first := email_id(e) == preferred) else e for e in emails
    )


def _labelled(kept: T, other: T) -> T:
    """The value that is kept, with the other's label if it has none."""
    if getattr(kept, "label", "") or not getattr(other, "label", ""):
        return kept
    return replace(kept, label=getattr(other, "label", ""))  # type: ignore[type-var]


def _united(
    kept: Sequence[T], others: Sequence[T], identity: Callable[[T], Hashable], resolver: _Resolver
) -> tuple[T, ...]:
    """All that is kept, in its order, then what the others add."""
    united = list(kept)
    places = {identity(value): place for place, value in reversed(list(enumerate(kept)))}
    for value in others:
        place = places.setdefault(identity(value), len(united))
        if place == len(united):
            united.append(value)
        else:
            united[place] = _labelled(value, united[place]) if resolver.theirs_win else _labelled(united[place], value)
    return tuple(united)


def _addresses(kept: Sequence[Address], others: Sequence[Address]) -> tuple[Address, ...]:
    """An address that says the same and more takes the place of the one that says less."""
    addresses = list(kept)
    for other in (other for other in others if other not in kept):
        parts = address_id(other)
        for place, mine in enumerate(addresses):
            if all(not theirs or theirs == ours for theirs, ours in zip(parts, address_id(mine), strict=True)):
                addresses[place] = _labelled(mine, other)
                break
            if all(not ours or theirs == ours for theirs, ours in zip(parts, address_id(mine), strict=True)):
                addresses[place] = replace(other, label=mine.label or other.label)
                break
        else:
            addresses.append(other)
    return tuple(addresses)


def _groups(kept: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    keys = set(map(group_key, kept))
    added = {group_key(name): name for name in reversed(others) if group_key(name) not in keys}
    return tuple(sorted((*kept, *added.values()), key=group_key)) if added else tuple(kept)


# How each attribute that stands for itself is joined.
_SINGLE: Final[Mapping[str, Callable[[Contact, Contact, _Resolver], object]]] = {
    **{key: partial(_text, key) for key in PLAIN if key not in _ORGANIZATION},
    "birthday": _birthday,
    "notes": lambda keep, other, resolver: _notes(keep.notes, other.notes, resolver),
    "favorite": lambda keep, other, _: keep.favorite or other.favorite,
    "emails": lambda keep, other, resolver: _emails(keep.emails, other.emails, resolver),
    "phones": lambda keep, other, resolver: _united(keep.phones, other.phones, phone_id, resolver),
    "urls": lambda keep, other, resolver: _united(keep.urls, other.urls, url_id, resolver),
    "addresses": lambda keep, other, _: _addresses(keep.addresses, other.addresses),
    "groups": lambda keep, other, _: _groups(keep.groups, other.groups),
}
