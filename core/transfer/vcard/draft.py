"""A contact in the making: what each property of a card adds to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote

from core.model import Address, Contact, Email, Phone, Url
from core.text import clean_line, clean_lines, email_key
from core.transfer.addresses import find_addresses
from core.transfer.names import whole_name
from core.transfer.system_groups import sort_out
from core.transfer.vcard.headings import HEADINGS, IGNORED, LEFT_OUT, heading_of
from core.transfer.vcard.labels import apple_label
from core.transfer.vcard.values import Head, components_of, decode, elements_of, split_line, text_of

_LIST_COMMA: Final = re.compile(r"(?<!\\),(?=\S)")
_BASIC_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T.*)?")
_EXTENDED_DATE: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ].*)?")
_YEARLESS_DATE: Final = re.compile(r"--(\d\d)-?(\d\d)(?:T.*)?")
_LONGEST_HEAD: Final = 256


class Draft:
    """Collects the properties of one card.

    Attributes:
        left_out: the properties of pictures, sounds and keys.
        is_group: the card stands for a group, whose `members` are UIDs and addresses.
    """

    __slots__ = (
        "_addresses", "_categories", "_custom", "_favorite", "_formatted", "_labels", "_name_is_derived", "_notes",
        "_parts", "_phones", "_single", "_urls", "emails", "is_group", "left_out", "members", "uid",
    )  # fmt: skip

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self.is_group = False
        self.members: list[str] = []
        self.uid = ""
        self.emails: list[tuple[str, str, str, int | None]] = []  # group, address, label, preference
        self._labels: dict[str, str] = {}
        self._phones: list[tuple[str, str, str]] = []
        self._urls: list[tuple[str, str, str]] = []
        self._addresses: list[tuple[str, tuple[str, ...], str]] = []
        self._formatted: list[tuple[str, str, str]] = []
        self._custom: list[tuple[str, str, str]] = []  # group, heading, value
        self._single: dict[str, str] = {}
        self._parts: list[str] = []
        self._name_is_derived = False
        self._notes: list[str] = []
        self._categories: list[str] = []
        self._favorite = False

    def add(self, line: str, fallback: str = "cp1252") -> None:
        """Take in one logical line; `fallback` is the encoding for what is not UTF-8."""
        head, raw = split_line(line)
        name = head.name
        if not raw or raw.isspace() or len(name) > _LONGEST_HEAD:
            return
        reader = _READERS.get(name)
        if reader is not None:
            reader(self, head, decode(head, raw, fallback, structured=name in _STRUCTURED))
        elif name in LEFT_OUT or head.binary:
            if name == "PHOTO" and raw[:4].lower() == "http":
                self.add_custom(head.group, "Photo", text_of(raw))
            else:
                self.left_out.append(name)
        elif name not in IGNORED:
            self.add_custom(head.group, heading_of(name), text_of(decode(head, raw, fallback)))

    def add_custom(self, group: str, heading: str, value: str) -> None:
        """Keep what fits no field, under `heading` or, where it has one, under the label of its group."""
        self._custom.append((group, heading, value))

    def contact(self, groups: Iterable[str] = ()) -> Contact:
        """The contact; `groups` are more groups that it is in."""
        prefix, given, additional, family, suffix = self._name_parts()
        company = self._single.get("company", "")
        nickname = self._single.get("nickname", "")
        name = self._single.get("name", "") or whole_name(given, additional, family) or prefix or suffix
        if not name and not self._name_is_derived:
            name = nickname or company
        names, starred = sort_out([*self._categories, *groups])
        emails = self._resolved_emails()
        return Contact(
            name=name,
            prefix=prefix,
            given_name=given,
            additional_names=additional,
            family_name=family,
            suffix=suffix,
            nickname=nickname,
            emails=emails,
            phones=tuple(dict.fromkeys(Phone(n, self._label(group, label)) for group, n, label in self._phones)),
            company=company,
            department=self._single.get("department", ""),
            job_title=self._single.get("job_title", ""),
            groups=names,
            favorite=self._favorite or starred,
            notes="\n".join(dict.fromkeys(self._notes)),
            birthday=self._single.get("birthday", ""),
            addresses=self._resolved_addresses(),
            urls=tuple(dict.fromkeys(Url(url, self._label(group, label)) for group, url, label in self._urls)),
            custom=self._resolved_custom(),
        )

    def _name_parts(self) -> tuple[str, str, str, str, str]:
        family, given, additional, prefix, suffix = (*self._parts, "", "", "", "", "")[:5]
        return prefix, given, additional, family, suffix

    def _label(self, group: str, label: str) -> str:
        return self._labels.get(group, label) if group else label

    def _resolved_emails(self) -> tuple[Email, ...]:
        preferences = [preference for *_, preference in self.emails if preference is not None]
        preferred = min(preferences, default=None)
        emails: dict[str, Email] = {}
        for group, address, label, preference in self.emails:
            primary = preference is not None and preference == preferred
            if primary:
                preferred = None  # only one is the first
            key = email_key(address)
            known = emails.get(key)
            if known is None:
                emails[key] = Email(address, self._label(group, label), primary)
            elif primary:
                emails[key] = Email(known.address, known.label, primary)
        return tuple(emails.values())

    def _resolved_addresses(self) -> tuple[Address, ...]:
        addresses = {
            Address(
                po_box=parts[0],
                extended=parts[1],
                street=parts[2],
                city=parts[3],
                region=parts[4],
                postal_code=parts[5],
                country=parts[6],
                label=self._label(group, label),
            ): None
            for group, parts, label in self._addresses
        }
        known = {address.label for address in addresses}
        for group, text, kind in self._formatted:  # LABEL says the same again, unless there is no ADR beside it
            label = self._label(group, kind)
            if label not in known:
                addresses[Address(street=text, label=label)] = None
        return tuple(addresses)

    def _resolved_custom(self) -> dict[str, str]:
        custom: dict[str, str] = {}
        for group, heading, raw in self._custom:
            value = clean_lines(raw)
            if not value:
                continue
            label = clean_line(self._label(group, "")) or heading
            free, number = label, 2
            while free in custom and custom[free] != value:
                free, number = f"{label} {number}", number + 1
            custom[free] = value
        return custom

    # What each property does -----------------------------------------------------------------------------------

    def _read_single(self, key: str, value: str, heading: str) -> None:
        text = clean_line(value)
        if self._single.setdefault(key, text) != text:
            self.add_custom("", heading, text)

    def _read_full_name(self, head: Head, value: str) -> None:
        if head.parameters.get("DERIVED", "").lower() == "true":  # RFC 9554: made from other properties
            self._name_is_derived = True
            return
        text = clean_line(text_of(value))
        if value.strip(";, "):
            self._read_single("name", text, "Name")

    def _read_name(self, head: Head, value: str) -> None:
        if not self._parts and head.parameters.get("DERIVED", "").lower() != "true":
            self._parts = [clean_line(part) for part in components_of(_LIST_COMMA.sub(" ", value))]

    def _read_nickname(self, head: Head, value: str) -> None:
        text = ", ".join(elements_of(value))
        if text:
            self._read_single("nickname", text, "Nickname")

    def _read_organization(self, head: Head, value: str) -> None:
        company, *units = [clean_line(part) for part in components_of(value)]
        department = ", ".join(unit for unit in units if unit)
        if "company" not in self._single and "department" not in self._single:
            if company:
                self._single["company"] = company
            if department:
                self._single["department"] = department
        else:
            if company and company != self._single.get("company"):
                self.add_custom("", "Company", company)
            if department and department != self._single.get("department"):
                self.add_custom("", "Department", department)

    def _read_title(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if text:
            self._read_single("job_title", text, "Job title")

    def _read_email(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        addresses = find_addresses(text)
        if not addresses and text:
            self.add_custom("", "E-mail", text)
        for address in addresses:
            self.emails.append((head.group, address, head.label, head.preferred))

    def _read_phone(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if text[:4].lower() == "tel:" and head.parameters.get("VALUE", "").lower() != "text":
            number, _, extension = text[4:].partition(";ext=")
            text = unquote(number.partition(";")[0]) + (f" ext. {extension.partition(';')[0]}" if extension else "")
        if text:
            self._phones.append((head.group, text, head.label))

    def _read_url(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if text:
            self._urls.append((head.group, text, head.label))

    def _read_address(self, head: Head, value: str) -> None:
        parts = tuple(clean_lines(part) for part in (*components_of(value), "", "", "", "", "", "", "")[:7])
        if any(parts):
            self._addresses.append((head.group, parts, head.label))
        elif formatted := clean_lines(text_of(head.parameters.get("LABEL", ""))):
            self._formatted.append((head.group, formatted, head.label))

    def _read_formatted(self, head: Head, value: str) -> None:
        text = clean_lines(text_of(value))
        if text:
            self._formatted.append((head.group, text, head.label))

    def _read_birthday(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if head.parameters.get("VALUE", "").lower() != "text":
            omitted = head.parameters.get("X-APPLE-OMIT-YEAR", "")
            text = iso_date(text, omitted)
        if text:
            self._read_single("birthday", text, "Birthday")

    def _read_note(self, head: Head, value: str) -> None:
        text = clean_lines(text_of(value))
        if text:
            self._notes.append(text)

    def _read_categories(self, head: Head, value: str) -> None:
        self._categories += elements_of(value)

    def _read_favorite(self, head: Head, value: str) -> None:
        self._favorite = value.strip().lower() in {"1", "true", "yes"}

    def _read_label(self, head: Head, value: str) -> None:
        text = clean_line(apple_label(text_of(value)))
        if head.group and text:
            self._labels[head.group] = text

    def _read_kind(self, head: Head, value: str) -> None:
        self.is_group = self.is_group or value.strip().lower() == "group"

    def _read_member(self, head: Head, value: str) -> None:
        self.members.append(text_of(value))

    def _read_uid(self, head: Head, value: str) -> None:
        self.uid = text_of(value)
        self.add_custom("", HEADINGS["UID"], self.uid)

    def _read_agent(self, head: Head, value: str) -> None:
        """Somebody else: by name, by a card in one value (RFC 2426) or in the lines that follow (vCard 2.1)."""
        first, *rest = text_of(value).split("\n")
        if clean_line(first).upper() == "BEGIN:VCARD":
            agent = Draft()
            for line in rest:
                agent.add(line)
            first = agent.contact().shown_name
        self.add_custom("", HEADINGS["AGENT"], first)

    def _read_messenger(self, head: Head, value: str) -> None:
        text = text_of(value)
        scheme, colon, _ = text.partition(":")
        service = head.parameters.get("X-SERVICE-TYPE", "") or (scheme if colon and scheme.isalnum() else "")
        self.add_custom("", f"IM ({service})" if service else "IM", text)

    def _read_profile(self, head: Head, value: str) -> None:
        kind = next((kind for kind in head.types if kind != "PREF"), "").capitalize()
        self.add_custom(head.group, f"{HEADINGS[head.name]} ({kind})" if kind else HEADINGS[head.name], text_of(value))

    def _read_android(self, head: Head, value: str) -> None:
        """Android's own: `vnd.android.cursor.item/nickname;Bob;1;;…`, also for events and relations."""
        mime, _, rest = value.partition(";")
        values = components_of(rest)
        match mime.rpartition("/")[2], values:
            case "nickname", [nickname, *_]:
                self._read_nickname(head, nickname)
            case "contact_event", [date, "3", *_]:
                self._read_birthday(head, date)
            case "contact_event", [date, kind, *_]:
                self.add_custom("", "Anniversary" if kind == "1" else "Date", date)
            case kind, [text, *_]:
                self.add_custom("", kind.replace("_", " ").capitalize(), text)
            case _:
                return


def iso_date(text: str, omitted_year: str = "") -> str:
    """A date as ISO 8601 writes it (`--MM-DD` without a year), the text itself where it is none.

    `0000-00-00` is no date and gives nothing. `omitted_year` stands for no year (Apple's X-APPLE-OMIT-YEAR).
    """
    if match := _YEARLESS_DATE.fullmatch(text):
        return f"--{match[1]}-{match[2]}"
    match = _BASIC_DATE.fullmatch(text) or _EXTENDED_DATE.fullmatch(text)
    if not match:
        return text
    year, month, day = match[1], match[2].zfill(2), match[3].zfill(2)
    if year == omitted_year:
        return f"--{month}-{day}"
    return "" if (month, day) == ("00", "00") else f"{year}-{month}-{day}"


_READERS: Final[dict[str, Callable[[Draft, Head, str], None]]] = {
    "FN": Draft._read_full_name,
    "N": Draft._read_name,
    "NICKNAME": Draft._read_nickname,
    "ORG": Draft._read_organization,
    "TITLE": Draft._read_title,
    "EMAIL": Draft._read_email,
    "TEL": Draft._read_phone,
    "URL": Draft._read_url,
    "ADR": Draft._read_address,
    "LABEL": Draft._read_formatted,
    "BDAY": Draft._read_birthday,
    "NOTE": Draft._read_note,
    "CATEGORIES": Draft._read_categories,
    "X-FAVORITE": Draft._read_favorite,
    "X-ABLABEL": Draft._read_label,
    "KIND": Draft._read_kind,
    "X-ADDRESSBOOKSERVER-KIND": Draft._read_kind,
    "MEMBER": Draft._read_member,
    "X-ADDRESSBOOKSERVER-MEMBER": Draft._read_member,
    "UID": Draft._read_uid,
    "AGENT": Draft._read_agent,
    "IMPP": Draft._read_messenger,
    "X-SOCIALPROFILE": Draft._read_profile,
    "SOCIALPROFILE": Draft._read_profile,
    "X-ANDROID-CUSTOM": Draft._read_android,
}
_STRUCTURED: Final = frozenset({"N", "ADR", "ORG"})
