"""Where the people stand in a file: the heading row, what is around it, further tables, or no heading at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coterie.core.transfer.csv.headings import DIRECTORY, count_in, google_target, target_of
from coterie.core.transfer.csv.languages import LANGUAGES
from coterie.core.transfer.csv.targets import CUSTOM
from coterie.core.transfer.csv.values import is_nothing, is_phone, split_emails
from coterie.core.transfer.csv.words import heading_key
from coterie.core.transfer.own_csv import LAYOUT as OWN_LAYOUT
from coterie.core.transfer.own_csv import OwnReader

# A row at this line and its cells.
NumberedRow = tuple[int, list[str]]

_WEIGHTS: Final = {
    "email": 4, "name": 4, "name?": 4, "name_weak": 2, "given_name": 4, "family_name": 4, "company": 2, "phone": 2,
    "nickname": 2,
}  # fmt: skip
_IDENTITY: Final = frozenset(_WEIGHTS)
# A heading row is searched for in this many rows.
_SEARCHED: Final = 200
# In a table of at least this many filled rows, the last one is no heading.
_FEW: Final = 4
# The score of our own heading row, in which custom headings may hold anything.
_OURS: Final = 1000
_LONGEST_HEADING: Final = 300
_LONGEST_NAME: Final = 60
# A further table is of the same kind of people if it shares this part of its headings with the first.
_ALIKE: Final = 0.6
# A language is named if so large a part of the headings is in it.
_SURE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Table:
    """One table of people in a file.

    Attributes:
        heading_line: the number of the line of its heading, 0 if it has none.
        first_line: the line after which its rows come.
        last_line: the last line that may belong to it, None for the end of the file.
        headings: its heading cells; empty texts if it has none.
        targets: the targets of a known layout that has no headings; else empty.
        score: how sure the heading is.
    """

    heading_line: int
    first_line: int
    last_line: int | None
    headings: tuple[str, ...]
    targets: tuple[str, ...] = ()
    score: int = 0


# Exports that have no heading row, by the number of their columns; the kind of their cells proves them.
_THUNDERBIRD: Final = (
    "given_name family_name name nickname email email {} phone:work phone:home phone:fax phone:pager phone:mobile "
    "street:home street:home city:home region:home postal_code:home country:home "
    "street:work street:work city:work region:work postal_code:work country:work "
    "job_title department company url:work url:home birth_year birth_month birth_day "
    "custom custom custom custom notes {}"
)
# The screen name stood last before it came to stand behind the addresses.
_THUNDERBIRDS: Final = tuple(_THUNDERBIRD.format(*places).split() for places in (("custom", ""), ("", "custom")))
_PALM: Final = [
    "family_name",
    "given_name",
    "job_title",
    "company",
    "phone",
    "phone",
    "phone",
    "phone",
    "phone",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "custom",
    "custom",
    "custom",
    "custom",
    "notes",
    "ignore",
    "groups",
]


def find_tables(rows: Sequence[NumberedRow]) -> tuple[list[Table], list[str]]:
    """The tables of people among `rows`, the best first, and sentences about what is left out.

    Returns no table if nothing tells who the people are.
    """
    heads = [(score, place) for place, (_line, cells) in enumerate(rows[:_SEARCHED]) if (score := heading_score(cells))]
    heads = [head for head in heads if _has_rows(rows, head[1])]
    if not heads:
        table = _without_heading(rows)
        return ([table] if table else []), []
    best = max(heads, key=lambda head: (head[0], -head[1]))
    own = _keys(rows[best[1]][1])
    # A heading inside the file begins another table only after a blank row or a title, as no contact's row does. In a
    # table of one column each row looks like a title, and “Person 7” like a heading.
    title = min(1, len(own) - 1)
    others = [
        place
        for score, place in heads
        if place != best[1] and _keys(rows[place][1]) != own and _begins_table(rows, place, title) and score > 1
    ]
    if best[0] == _OURS or _is_export(rows[best[1]][1]):
        others = []
    tables = [_table(rows, best[1], best[0], others, title)]
    notes: list[str] = []
    if best[1] and any(any(map(str.strip, cells)) for _, cells in rows[: best[1]]):
        above = rows[best[1]][0] - 1
        notes.append(
            f"Lines 1 to {above} stand above the heading." if above > 1 else "Line 1 stands above the heading."
        )
    for place in others:
        keys = _keys(rows[place][1])
        alike = len(keys & own) >= _ALIKE * len(keys)
        if place == best[1] - 1:
            continue  # the first of two rows of headings, which stands above the table anyway
        if alike and place > best[1]:
            tables.append(_table(rows, place, 0, [*others, best[1]], title))
        else:
            notes.append(f"Another table begins in line {rows[place][0]}; it is left out.")
    return tables, notes


def continues_heading(cells: Sequence[str]) -> bool:
    """Whether `cells`, which stand right below a heading row, are headings too: `First`, `Last` below `Name`."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2 or any(char == "@" or char.isdigit() for cell in filled for char in cell):
        return False
    return sum(1 for cell in filled if target_of(cell) and not is_nothing(cell)) * 2 > len(filled)


def heading_score(cells: Sequence[str]) -> int:
    """How surely `cells` are a heading row; 0 if they are none or nothing in them says who somebody is."""
    if OwnReader.of(cells) is not None:
        return _OURS
    filled = [cell for cell in cells if cell.strip()]
    if not filled or any("@" in cell or "://" in cell or len(cell) > _LONGEST_HEADING for cell in filled):
        return 0
    # Real headings are words; a row with phone numbers or dates is data.
    if sum(1 for cell in filled if sum(map(str.isdigit, cell)) * 2 > len(cell.strip())) * 3 > len(filled):
        return 0
    score = understood = 0
    identity: set[str] = set()
    for cell in filled:
        target = target_of(cell).partition(":")[0].partition("#")[0]
        if target:
            understood += 1
            identity |= {target} & _IDENTITY
            score += 1 if target != CUSTOM else 0
    # Forms have many questions beside the name and the address; in anything else most headings are known.
    if not identity or (understood * 5 < len(filled) and not {"email"} < identity):
        return 0
    return score + sum(_WEIGHTS[target] for target in identity)


def is_typed(layout: str) -> bool:
    """Whether a program writes this layout: each column says what its values are, and no line is a comment."""
    return layout.startswith((OWN_LAYOUT, "Google Contacts", "Outlook"))


def layout_name(headings: Sequence[str], targets: Sequence[str], vocabulary: str) -> str:
    """What the preview calls the layout: `Outlook (German)`, `Google Contacts`, `Plain table`."""
    keys = {heading_key(heading) for heading in headings}
    for name, required in _PROGRAMS:
        if required <= keys:
            return name
    if any(google_target(heading) for heading in headings):
        if "section 1 email" in keys:
            return "Google Contacts (2006)"
        return (
            "Google Contacts" if keys & {"labels", "organization name", "first name"} else "Google Contacts (classic)"
        )
    if vocabulary == DIRECTORY:
        return "Directory"
    if vocabulary in {"yahoo", "tine", "lx-office"} and len(keys) > 8:
        return {"yahoo": "Yahoo", "tine": "Tine", "lx-office": "LX-Office"}[vocabulary]
    language = LANGUAGES.get(vocabulary, "") if count_in(headings, vocabulary) >= _SURE * len(headings) else ""
    suffix = f" ({language})" if language and vocabulary != "en" else ""
    kinds = set(targets)
    if "birth_year" in kinds or {"primary email", "display name"} <= keys:
        return f"Thunderbird{suffix}"
    if "email_name" in kinds or {"street:home", "street:other"} <= kinds or "email 2 address" in keys:
        return f"Outlook{suffix}"
    if {"url:home", "url:work", "street:home", "street:work"} <= kinds:
        return f"Windows Live Mail{suffix}"
    return f"Plain table{suffix}"


_PROGRAMS: Final = (
    ("Google Contacts (Outlook CSV)", frozenset({"home address", "home street", "business address", "email address"})),
    ("Outlook.com", frozenset({"given yomi", "imaddress", "email address"})),
    ("Outlook.com", frozenset({"given yomi", "im address", "email address"})),
    ("LinkedIn", frozenset({"first name", "last name", "connected on"})),
    ("LinkedIn", frozenset({"vorname", "nachname", "verbunden am"})),
    ("Mailchimp", frozenset({"email address", "member rating"})),
    ("Mailchimp", frozenset({"email address", "leid", "euid"})),
    ("HubSpot", frozenset({"record id", "email", "create date"})),
    ("HubSpot", frozenset({"lifecycle phase", "email adresse"})),
    ("Salesforce", frozenset({"first name", "last name", "account id", "owner id"})),
    ("Zoho", frozenset({"record id", "account name", "contact owner"})),
    ("Pipedrive", frozenset({"person name"})),
    ("Pipedrive", frozenset({"person id", "person owner"})),
    ("Eventbrite", frozenset({"order", "ticket type", "attendee"})),
    ("Eventbrite", frozenset({"order", "attendee status", "email"})),
    ("Luma", frozenset({"api id", "approval status"})),
    ("Zoom", frozenset({"name original name"})),
    ("Microsoft Teams", frozenset({"participant id upn"})),
    ("Microsoft Teams", frozenset({"first join", "last leave"})),
    ("Brevo", frozenset({"email", "lastname", "firstname", "sms"})),
    ("Constant Contact", frozenset({"email status home", "email address home"})),
    ("listmonk", frozenset({"email", "name", "attributes"})),
    ("Apollo", frozenset({"email", "apollo contact id"})),
)


def _has_rows(rows: Sequence[NumberedRow], place: int) -> bool:
    """Whether something stands below a heading; below the last of several filled rows nothing does, so it is none."""
    filled = [number for number, (_, cells) in enumerate(rows) if any(map(str.strip, cells))]
    return len(filled) < _FEW or place < filled[-1]


def _table(rows: Sequence[NumberedRow], place: int, score: int, others: Sequence[int], title: int) -> Table:
    following = min((other for other in others if other > place), default=None)
    last: int | None = None
    if following is not None:
        # The title of the next table stands right above its heading.
        before = following - 1
        while (
            before > place
            and sum(1 for cell in rows[before][1] if cell.strip()) <= title
            and _near(rows, before, following)
        ):
            before -= 1
        last = rows[before][0]
    line, cells = rows[place]
    return Table(line, line, last, tuple(cells), (), score)


def _near(rows: Sequence[NumberedRow], place: int, following: int) -> bool:
    """Whether only blank rows and one title stand between `place` and the next heading."""
    return sum(1 for _, cells in rows[place:following] if any(map(str.strip, cells))) <= 1


def _begins_table(rows: Sequence[NumberedRow], place: int, title: int) -> bool:
    """Whether a table may begin at `place`: above it stands nothing, or a title, which may have `title` cells."""
    if place == 0:
        return True
    above = rows[place - 1][1]
    filled = [number for number, cell in enumerate(above) if cell.strip()]
    return len(filled) <= title and all(number == 0 and "@" not in above[number] for number in filled)


def _is_export(headings: Sequence[str]) -> bool:
    """Whether a program writes this heading, and nothing but contacts below it."""
    return is_typed(layout_name(headings, [target_of(heading) for heading in headings], "en"))


def _keys(cells: Sequence[str]) -> frozenset[str]:
    return frozenset(key for cell in cells if (key := heading_key(cell)))


def _without_heading(rows: Sequence[NumberedRow]) -> Table | None:
    """The table in a file without a heading that is known: a known layout, or any in which addresses are found."""
    filled = [(line, cells) for line, cells in rows if any(map(str.strip, cells))]
    if not filled:
        return None
    width = max(len(cells) for _, cells in filled)
    targets = _targets_without_heading([cells for _, cells in filled], width)
    if targets:
        return Table(0, 0, None, ("",) * width, targets)
    places = [place for place, (_, cells) in enumerate(filled) if any(_is_address(cell) for cell in cells)]
    if not places:
        numbered = sum(1 for _, cells in filled if any(map(is_phone, cells)) and any(map(_is_short_text, cells)))
        return Table(0, 0, None, ("",) * width) if numbered * 2 > len(filled) else None
    first = places[0]
    line, cells = filled[0]
    # A first row of words above rows with addresses is a heading in a language that we do not know.
    if (
        first == 1
        and len(cells) >= len(filled[1][1]) - 1
        and all(_is_word_only(cell) for cell in cells if cell.strip())
    ):
        column = next(place for place, cell in enumerate(filled[1][1]) if _is_address(cell))
        if column < len(cells) and cells[column].strip() and len(places) * 2 >= len(filled) - 1:
            return Table(line, line, None, tuple(cells), (), 0)
    if len(places) * 4 < len(filled):
        return None
    return Table(0, 0, None, ("",) * width)


def _is_address(cell: str) -> bool:
    """Whether `cell` is addresses and not a sentence that holds one."""
    if "@" not in cell:
        return False
    addresses, rest, _ = split_emails(cell)
    return bool(addresses) and len(rest) <= len(addresses)


def _is_short_text(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and len(cell) < _LONGEST_NAME


def _is_word_only(cell: str) -> bool:
    return not any(map(str.isdigit, cell)) and len(cell) < _LONGEST_NAME and ":" not in cell


def _targets_without_heading(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    if abs(width - len(_THUNDERBIRDS[0])) <= 1 and _addresses_only_in(rows, (4, 5)):
        best = max(_THUNDERBIRDS, key=lambda targets: _agreeing(rows, targets))
        return (*best, CUSTOM)[:width]
    if width == len(_PALM) and all(len(row) == width and row[19].strip() in {"0", "1"} for row in rows):
        return tuple(_PALM)
    return ()


def _addresses_only_in(rows: Sequence[Sequence[str]], places: tuple[int, ...]) -> bool:
    addressed = [place for row in rows for place, cell in enumerate(row) if "@" in cell]
    return bool(addressed) and all(place in places for place in addressed)


def _agreeing(rows: Sequence[Sequence[str]], targets: Sequence[str]) -> int:
    """How many cells look like what `targets` say they are, less those that do not."""
    agreeing = 0
    for row in rows:
        for cell, target in zip(row, targets, strict=False):
            digits = sum(map(str.isdigit, cell)) * 2 > len(cell)
            if cell and target.startswith(("phone", "postal_code", "birth")):
                agreeing += 1 if digits else -1
            elif cell and target.startswith("url"):
                agreeing += 1 if "." in cell else -1
            elif cell and digits and not target.startswith("street"):
                agreeing -= 1
    return agreeing
