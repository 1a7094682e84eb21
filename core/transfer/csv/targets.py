"""TARGETS: what a column can become, declared once for the mapping, the import dialog and `--map`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN

CUSTOM: Final = "custom"
IGNORE: Final = "ignore"
SPARES: Final = {"name": "other_name"} | {
    key: f"{key}#1" for key in ("given_name", "additional_names", "family_name", "suffix", "nickname", "birthday")
}
"""What a second column becomes of what a contact has once: it counts in the rows where the first is empty."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a column can become.

    Attributes:
        key: its name in mappings and in `--map`; some keys take a label (`phone:mobile`).
        label: its name on the screen.
        offered: whether a user picks it from a list; the others belong to the layout of some program.
        labelled: whether the key may carry a label.
        identifies: whether a value here makes a row a contact.
    """

    key: str
    label: str
    offered: bool = True
    labelled: bool = False
    identifies: bool = False


_LIST: Final = (
    Target("name", "Name", identifies=True),
    Target("sorted_name", "Name, the family name first", identifies=True),
    Target("given_name", "Given name", identifies=True),
    Target("family_name", "Family name", identifies=True),
    Target("email", "E-mail", labelled=True, identifies=True),
    Target("phone", "Phone", labelled=True, identifies=True),
    Target("company", "Company", identifies=True),
    Target("job_title", "Job title"),
    Target("department", "Department"),
    Target("groups", "Groups"),
    Target("favorite", "Favorite"),
    Target("notes", "Notes"),
    Target("prefix", "Prefix"),
    Target("additional_names", "Additional names"),
    Target("suffix", "Suffix"),
    Target("nickname", "Nickname", identifies=True),
    Target("birthday", "Birthday"),
    Target("url", "Web site", labelled=True),
    Target("address", "Address", labelled=True),
    Target("street", "Street", labelled=True),
    Target("extended", "Address, second line", labelled=True),
    Target("po_box", "PO box", labelled=True),
    Target("postal_code", "Postal code", labelled=True),
    Target("city", "City", labelled=True),
    Target("region", "Region", labelled=True),
    Target("country", "Country", labelled=True),
    Target(CUSTOM, "Custom field"),
    Target(IGNORE, "Left out"),
    Target("house_number", "House number, behind the street", offered=False, labelled=True),
    Target("birth_day", "Day of birth", offered=False),
    Target("birth_month", "Month of birth", offered=False),
    Target("birth_year", "Year of birth", offered=False),
    Target("email_name", "Name next to the e-mail address", offered=False),
    Target("other_name", "Name, if there is no other", offered=False, identifies=True),
    Target("other_phone", "Phone, after the others", offered=False, identifies=True),
    Target("other_title", "Job title, if there is no other", offered=False),
    Target("members", "Members of a list", offered=False),
    Target("list_kind", "Whether it is a list", offered=False),
    Target("default", "Custom field, without the program's default words", offered=False),
    Target("email_label", "Label of an e-mail address", offered=False),
    Target("phone_label", "Label of a phone number", offered=False),
    Target("address_label", "Label of an address", offered=False),
    Target("url_label", "Label of a web site", offered=False),
    Target("custom_label", "Label of a custom field", offered=False),
    Target("relation", "Relation", offered=False),
    Target("relation_label", "Label of a relation", offered=False),
    Target("event", "Event", offered=False),
    Target("event_label", "Label of a date", offered=False),
    Target("im", "Messaging", offered=False),
    Target("im_label", "Name of a messenger", offered=False),
    Target("im_kind_label", "Label of a messenger", offered=False),
)

TARGETS: Final[dict[str, Target]] = {target.key: target for target in _LIST}
FURTHER: Final = {FIELDS[key].label: key for key in PLAIN if key not in TARGETS}
"""The fields that tables of other programs have no column for, by their headings: they stand there as custom fields."""
ADDRESS_PARTS: Final = ("street", "extended", "po_box", "postal_code", "city", "region", "country", "house_number")
# Other words for the same target, as people write them after `--map Column=`.
_ALIASES: Final = {
    "emails": "email", "mail": "email", "e_mail": "email", "phones": "phone", "tel": "phone", "given": "given_name",
    "first_name": "given_name", "family": "family_name", "last_name": "family_name", "surname": "family_name",
    "full_name": "name", "organization": "company", "title": "job_title", "group": "groups", "tags": "groups",
    "labels": "groups", "note": "notes", "middle_name": "additional_names", "website": "url", "urls": "url",
    "zip": "postal_code", "state": "region", "skip": IGNORE, "none": IGNORE, "addresses": "address",
}  # fmt: skip
_FORM: Final = re.compile(r"([a-z_]+)(?::([^#]*))?(?:#(\d+))?")


def legal_target(text: str) -> str:
    """The target that `text` names: a key or an alias, perhaps with a label (`phone:mobile`).

    Raises InvalidValue, which names the legal ones.
    """
    key, colon, label = text.strip().partition(":")
    key = key.strip().casefold().replace("-", "_").replace(" ", "_")
    key = _ALIASES.get(key, key)
    written = f"{key}:{label.strip()}" if label.strip() else key
    target = TARGETS.get(key)
    if target is None or _FORM.fullmatch(written) is None or (colon and not target.labelled):
        choices = ", ".join(choice.key for choice in _LIST if choice.offered)
        raise InvalidValue("map", f"A column cannot become “{text}”.", f"It can become: {choices}.")
    return written


def parts_of(target: str) -> tuple[str, str, int]:
    """The key, label and slot of a target: `street:home` is ("street", "home", 0), `email#2` ("email", "", 2)."""
    match = _FORM.fullmatch(target)
    assert match is not None, target
    return match[1], match[2] or "", int(match[3] or 0)


def label_of(target: str) -> str:
    """What the screen calls `target`: `phone:mobile` is “Phone (mobile)”."""
    key, label, _slot = parts_of(target)
    return f"{TARGETS[key].label} ({label})" if label else TARGETS[key].label
