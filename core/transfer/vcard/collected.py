"""What the properties of a card have said, and the contact that they make."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from coterie.core.fields import FIELDS
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_line, clean_lines, email_key, group_key, is_email
from coterie.core.transfer.names import whole_name
from coterie.core.transfer.system_groups import sort_out
from coterie.core.transfer.vcard.headings import heading_of
from coterie.core.transfer.vcard.labels import chosen_label
from coterie.core.transfer.vcard.standard import TEXTS, read_heading
from coterie.core.transfer.vcard.values import Head
from coterie.core.wellknown import BY_PROPERTY, WELL_KNOWN

TIGHT_COMMA: Final = re.compile(r",(?=\S)")
LEAST_PREFERRED: Final = 101  # RFC 6350, 5.3: PREF goes from 1 to 100
ADDRESS: Final = ("po_box", "extended", "street", "city", "region", "postal_code", "country")  # the parts of ADR
ROLE: Final = WELL_KNOWN["Role"].heading

# The headings under which the texts of a property are kept if another one is preferred.
_BESIDE: Final[dict[str, tuple[str, ...]]] = {
    "name": (FIELDS["name"].label,),
    "parts": (),
    "organization": (FIELDS["company"].label, FIELDS["department"].label),
    "birthday": (FIELDS["birthday"].label,),
    "role": (ROLE,),
    **{key: (FIELDS[key].label,) for key in TEXTS.values()},
}
MAILTO: Final = "mailto:"
_CALLED: Final = "X-EVOLUTION-DEST-NAME"
_FURTHER: Final = tuple(key for key in TEXTS.values() if key not in {"nickname", "job_title"})


class Other(NamedTuple):
    """A value that fits no field: its property, and the heading to keep it under if the property has none."""

    head: Head
    heading: str
    text: str


class Member(NamedTuple):
    """Who is in a group: a UID or an address as `mailto:`; the name and the address that the group's card gives."""

    uid: str
    name: str = ""
    address: str = ""


class Collected:
    """What the properties of one card have said.

    Attributes:
        uid: what names the card in all programs; empty if it has none.
        emails: the addresses, with the head of the property of each.
        categories: the names of the groups that the card itself names.
        left_out: the properties of pictures, sounds and keys.
        is_group: the card stands for a group, whose `members` are UIDs and addresses.
        is_list: the card is one of a program's own for a list of people, who are `listed`.
        is_ours: Coterie itself has written the card.
    """

    __slots__ = (
        "_addresses", "_custom", "_favorite", "_formatted", "_labels", "_name_is_derived", "_notes",
        "_phones", "_single", "_urls", "categories", "emails", "is_group", "is_list", "is_ours", "left_out",
        "listed", "members", "uid",
    )  # fmt: skip

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self.is_group = False
        self.is_list = False
        self.is_ours = False
        self.members: list[str] = []
        self.listed: list[Member] = []
        self.uid = ""
        self.emails: list[tuple[Head, str]] = []
        self.categories: list[str] = []
        self._labels: dict[str, str] = {}
        self._phones: list[tuple[Head, str]] = []
        self._urls: list[tuple[Head, str]] = []
        self._addresses: list[tuple[Head, tuple[str, ...]]] = []
        self._formatted: list[tuple[Head, str]] = []
        self._custom: list[Other] = []
        self._single: dict[str, list[tuple[int, tuple[str, ...]]]] = {}  # field -> (preference, its texts)
        self._name_is_derived = False
        self._notes: list[str] = []
        self._favorite = False

    @property
    def everybody(self) -> list[Member]:
        """The members of the group or list that the card stands for."""
        of_list = self.emails if self.is_list else ()
        return [
            *(Member(member, address=_mailed(member)) for member in self.members),
            *self.listed,
            *(Member(MAILTO + address, head.parameters.get(_CALLED, ""), address) for head, address in of_list),
        ]

    def split_categories(self, group_keys: Collection[str]) -> None:
        """Split names that a program joined by escaping the comma between them.

        Args:
            group_keys: those of the groups that stand alone elsewhere in the file; only names made of them are split.
        """
        names: list[str] = []
        for name in self.categories:
            parts = [part.strip() for part in TIGHT_COMMA.split(name)]
            names += parts if all(group_key(part) in group_keys for part in parts) else [name]
        self.categories = names

    def contact(self, groups: Iterable[str] = ()) -> Contact:
        """The contact; `groups` are more groups that it is in."""
        family, given, additional, prefix, suffix = (*self._best("parts"), "", "", "", "", "")[:5]
        company, department, *_ = (*self._best("organization"), "", "")
        nickname = self._text("nickname")
        name = self._text("name") or whole_name(given, additional, family) or prefix or suffix
        if not name and not self._name_is_derived:
            name = nickname or company
        names, starred = sort_out([*self.categories, *groups])
        job_title = self._text("job_title")
        role = "" if job_title else self._text("role")
        further: dict[str, Any] = {key: self._text(key) for key in _FURTHER}
        return Contact(
            name=name,
            prefix=prefix,
            given_name=given,
            additional_names=additional,
            family_name=family,
            suffix=suffix,
            nickname=nickname,
            **further,
            emails=self._resolved_emails(),
            phones=tuple(dict.fromkeys(Phone(text, self._label(head)) for head, text in _ranked(self._phones))),
            company=company,
            department=department,
            job_title=job_title or clean_line(role),
            groups=names,
            favorite=self._favorite or starred,
            notes="\n".join(dict.fromkeys(self._notes)),
            birthday=self._text("birthday"),
            addresses=self._resolved_addresses(),
            urls=tuple(dict.fromkeys(Url(url, self._label(head)) for head, url in self._urls)),
            custom=self.custom(without_role=role),
        )

    def custom(self, without_role: str = "") -> dict[str, str]:
        """The custom fields; several values of one heading stand in lines. `without_role` is a role left out."""
        custom: dict[str, list[str]] = {}
        present: dict[str, set[str]] = {}
        for heading, raw in [*self._others(), *self._losers()]:
            value = clean_lines(raw)
            if not value or (heading == ROLE and raw == without_role):
                continue
            lines = present.setdefault(heading, set())
            if value not in lines:
                lines.update((value, *value.split("\n")))
                custom.setdefault(heading, []).append(value)
        return {heading: "\n".join(values) for heading, values in custom.items()}

    def _others(self) -> Iterable[tuple[str, str]]:
        for head, heading, text in self._custom:
            label = clean_line(self._labels.get(head.group, "")) if head.group else ""
            field = BY_PROPERTY.get(head.name)
            if heading:
                yield heading, text
            elif field is not None:
                yield read_heading(field, head, label, text), text
            else:
                yield label or heading_of(head.name), text

    def _losers(self) -> Iterable[tuple[str, str]]:
        """What stands beside the preferred value of a field that holds only one."""
        for key, candidates in self._single.items():
            best = () if key == "role" else self._best(key)
            for _, texts in candidates:
                for label, text, chosen in zip(_BESIDE[key], texts, best or ("", ""), strict=False):
                    if label and text != chosen:
                        yield label, text

    def _best(self, key: str) -> tuple[str, ...]:
        """The texts of the preferred property, the first if several are preferred alike; empty if there is none."""
        return min(self._single.get(key, ()), key=lambda candidate: candidate[0], default=(0, ()))[1]

    def _text(self, key: str) -> str:
        return (*self._best(key), "")[0]

    def _label(self, head: Head) -> str:
        text = self._labels.get(head.group, "") if head.group else ""
        return chosen_label(text, head.types) if text else head.label

    def _resolved_emails(self) -> tuple[Email, ...]:
        ranked = _ranked(self.emails)
        preferred = min(((head.preferred or LEAST_PREFERRED) for head, _ in ranked), default=LEAST_PREFERRED)
        emails: dict[str, Email] = {}
        for head, address in ranked:
            primary = head.preferred is not None and head.preferred == preferred
            if primary:
                preferred = -1  # only one is the first
            key = email_key(address)
            earlier = emails.get(key)
            if earlier is None:
                emails[key] = Email(address, self._label(head), primary)
            elif primary:
                emails[key] = Email(earlier.address, earlier.label, primary)
        return tuple(emails.values())

    def _resolved_addresses(self) -> tuple[Address, ...]:
        addresses = {
            Address(**dict(zip(ADDRESS, parts, strict=True)), label=self._label(head)): None
            for head, parts in self._addresses
        }
        labels = {address.label for address in addresses}
        for head, text in self._formatted:  # LABEL says the same again, unless there is no ADR beside it
            label = self._label(head)
            if label not in labels:
                addresses[Address(street=text, label=label)] = None
        return tuple(addresses)


def _mailed(member: str) -> str:
    address = member[len(MAILTO) :] if member[: len(MAILTO)].lower() == MAILTO else ""
    return address if is_email(address) else ""


def _ranked(values: list[tuple[Head, str]]) -> list[tuple[Head, str]]:
    """The values in the order of their PREF if that ranks them; a single mark changes no order."""
    if len({head.preferred for head, _ in values} - {None}) < 2:
        return values
    return sorted(values, key=lambda pair: pair[0].preferred or LEAST_PREFERRED)
