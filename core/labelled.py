"""Relations, dates and messengers: what a contact keeps under the headings of `core.wellknown`, as values with labels.

Every place that keeps custom fields keeps these with them: the store, the journal, the bases of sync, merges and all
formats. So `Spouse: Bob` among the custom fields and the relation Bob, labelled spouse, are one thing, and this module
turns each into the other. What would not come back under the same heading stays a custom field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from coterie.core.wellknown import (
    DATE,
    RELATION,
    WELL_KNOWN,
    are_dates,
    date_heading,
    detailed,
    find,
    relation_heading,
    split_number,
    values_of,
)

PHONETIC: Final[dict[str, str]] = {
    "phonetic_given_name": "Phonetic first name",
    "phonetic_additional_names": "Phonetic middle name",
    "phonetic_family_name": "Phonetic last name",
    "phonetic_company": "Phonetic company",
}
"""Each field of one text that is kept under a heading."""
MESSENGERS: Final = ("AIM", "ICQ", "MSN", "QQ", "Yahoo", "Jabber", "Google Talk", "Skype")
"""The services with a heading of their own."""
_IM: Final = WELL_KNOWN["IM"]
_ANNIVERSARY: Final = WELL_KNOWN["Anniversary"]
_MESSENGERS: Final = {name.lower(): name for name in MESSENGERS}
_BIRTHDAY: Final = "Birthday"
"""A second birthday, which a merge or a card keeps beside the field, is no other day to remember."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value and the user's word for it: Bob, spouse; empty if there is none."""

    value: str
    label: str = ""


def _relation(label: str) -> str:
    return label if _key(label) == "relations" else relation_heading(label)


def _event(label: str) -> str:
    heading = date_heading(label)
    match = find(heading)
    is_other = match is not None and match[0] not in (DATE, _ANNIVERSARY)
    return detailed(DATE.heading, label) if is_other or split_number(label)[0] == _BIRTHDAY else heading


def _messenger(label: str) -> str:
    name, number = split_number(label)
    if service := _MESSENGERS.get(name):
        return service + number
    return label if (find(label) or ("",))[0] is _IM else detailed(_IM.heading, label)


HEADINGS: Final[Mapping[str, Callable[[str], str]]] = {"relations": _relation, "events": _event, "ims": _messenger}
"""Each field of labelled values, and the heading for a label of it."""


def _key(heading: str, *, dated: bool = False) -> str:
    """The field that a heading belongs to; empty for none."""
    field = (find(heading, "2000-01-01" if dated else "") or (None,))[0]
    if field is None:
        return ""
    if field in (DATE, _ANNIVERSARY):
        return "" if split_number(heading)[0] == _BIRTHDAY else "events"
    if field.card == RELATION.card:
        return "relations"
    return "ims" if field is _IM or field.heading in MESSENGERS else ""


@lru_cache(maxsize=4096)
def place_of(heading: str, *, dated: bool) -> tuple[str, str]:
    """The field and the label of what stands under a heading; two empty texts for a custom field.

    Args:
        heading: of the custom field.
        dated: whether its values are dates.
    """
    key = _key(heading, dated=dated)
    if not key:
        return "", ""
    field, name = find(heading, "2000-01-01" if dated else "") or (None, "")
    short = name if field in (RELATION, _IM) else "" if heading == DATE.heading else heading.lower()
    return next(((key, label) for label in (short, heading) if HEADINGS[key](label) == heading), ("", ""))


def read(custom: Mapping[str, str], key: str) -> tuple[Labelled, ...]:
    """The values of a field of HEADINGS, in the order of their headings."""
    return tuple(
        Labelled(value, label)
        for heading, text in custom.items()
        for field, label in [place_of(heading, dated=are_dates(text))]
        if field == key
        for value in values_of(text)
    )


def values(custom: Mapping[str, str], key: str) -> list[str]:
    """The values of any field that is kept among the custom ones, without their labels."""
    if key in HEADINGS:
        return [item.value for item in read(custom, key)]
    text = custom.get(PHONETIC[key], "")
    return [text] if text else []


def write(custom: Mapping[str, str], key: str, values: Iterable[Labelled]) -> dict[str, str]:
    """The custom fields with these values of a field of HEADINGS instead of those that it has."""
    texts: dict[str, dict[str, None]] = {}
    for item in values:
        if item.value:
            texts.setdefault(_free(custom, key, HEADINGS[key](item.label)), {})[item.value] = None
    written: dict[str, str] = {}
    for heading, text in custom.items():
        if place_of(heading, dated=are_dates(text))[0] != key:
            written[heading] = text
        elif heading in texts:
            written[heading] = "\n".join(texts.pop(heading))
    return joined(written, texts)


def _free(custom: Mapping[str, str], key: str, heading: str) -> str:
    """The heading, or with the next number if a custom field has it that is none of `key`."""
    label, number = heading, 2
    while heading in custom and place_of(heading, dated=are_dates(custom[heading]))[0] != key:
        heading, number = f"{label} ({number})", number + 1
    return heading


def joined(custom: Mapping[str, str], more: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Custom fields with further values, each in a line of its own under its heading."""
    texts = dict(custom)
    for heading, values in more.items():
        lines = texts[heading].split("\n") if texts.get(heading) else []
        texts[heading] = "\n".join([*lines, *(value for value in values if value not in lines)])
    return texts


def others(custom: Mapping[str, str]) -> dict[str, str]:
    """The custom fields that are no field of their own."""
    return {heading: text for heading, text in custom.items() if is_other(heading, text)}


def field_of(heading: str, text: str) -> str:
    """The field that shows what stands under a heading: `custom` if it is none of its own."""
    return _PHONETIC.get(heading) or place_of(heading, dated=are_dates(text))[0] or "custom"


def is_other(heading: str, text: str) -> bool:
    """Whether what stands under a heading is no field of its own."""
    return field_of(heading, text) == "custom"


def is_field(heading: str) -> bool:
    """Whether what stands under a heading is a field of its own, whatever its values are."""
    return not is_other(heading, "")


def with_others(custom: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    """The custom fields with `others` instead of those that are no field of their own."""
    kept = {heading: text for heading, text in custom.items() if not is_other(heading, text)}
    return joined(kept, {heading: [text] for heading, text in others.items()})


_PHONETIC: Final = {heading: key for key, heading in PHONETIC.items()}
