"""What cells hold: lists of addresses, dates, groups, words that mean "nothing"."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from email.utils import getaddresses
from functools import lru_cache
from typing import Final

from core.text import clean_address, clean_line, clean_number, email_key, is_email
from core.transfer.system_groups import sort_out
from core.transfer.wellknown import GOOGLE_LABELS


def words(text: str) -> frozenset[str]:
    """The words of a list that is parted by `|`."""
    return frozenset(text.split("|"))


def in_every_case(some: Iterable[str]) -> frozenset[str]:
    """Words in the ways in which they are written, so that a cell need not be changed to be looked up."""
    return frozenset(form for word in some for form in (word, word.upper(), word.capitalize(), word.title()))


# Google's separator of several values of one label in one cell.
GOOGLE_SEPARATOR: Final = ":::"
# What programs write where they have nothing, and what people do; in any case.
EMPTY: Final = in_every_case(
    words("-|--|---|–|—|.|..|...|?|??|'|''|_|n/a|n.a.|n.a|n\\a|#n/a|#name?|#ref!|#value!|null|(null)|nan|undefined|\\n")
)
_NOTHING: Final = EMPTY | words(
    "na|n/k|tbd|tbc|none|nil|unknown|not provided|not available|not applicable|not specified|no name|no email|"
    "no e-mail|noemail|no phone|keine|kein|keiner|keines|keine angabe|k.a.|k. a.|nicht angegeben|nicht vorhanden|"
    "unbekannt|aucun|aucune|inconnu|non renseigné|ninguno|ninguna|desconocido|nenhum|nenhuma|nessuno|nessuna|geen|"
    "onbekend|ingen|inget|brak|žádný|нет|なし|無し|无|無|없음"
)
NOTHING: Final = in_every_case(_NOTHING) | {
    f"{left}{word}{right}" for word in _NOTHING for left, right in ("()", "[]", "<>")
}
# Words of that kind that are also names, where somebody writes them as one.
_ALSO_NAMES: Final = words("Na|Nan|Nil|Null|Brak")
NO_NAME: Final = NOTHING - _ALSO_NAMES
# The words that Outlook and others put into every exported row.
_DEFAULTS: Final = words(
    "normal|unspecified|false|no|smtp|ex|0|unbestimmt|falsch|keine angabe|faux|non spécifié|normale|"
    "falso|no especificado|non specificato|normaal|onwaar|niet opgegeven|standaard|ospecificerad|"
    "ej angivet|falskt|ikke angivet|falsk|usand|normalny|nieokreślone|nie określono|fałsz|"
    "não especificado|обычная|обычное|ложь|нет|не указан|belirtilmemiş|yanlış|標準|通常|未指定|指定なし|普通|常规|off|"
    "aus|nein|non|désactivé|desactivado|não|nee|uit|nej|nei|av|fra|nie|выкл|normální|보통|normál|normaali|κανονική"
)
_LIST_KINDS: Final = words(
    "distribution list|distributionlist|dist list|distlist|ipm.distlist|mailing list|mailinglist|contact group|"
    "personal distribution list|maillist|verteilerliste|verteiler|kontaktgruppe|liste de distribution|"
    "groupe de contacts|lista de distribución|lista di distribuzione|distributielijst|lista de distribuição"
)
_LEGAL_FORMS: Final = words(
    "inc|llc|ltd|limited|corp|corporation|co|company|plc|llp|gmbh|ag|kg|ohg|se|ug|e.v|ev|sa|s.a|sas|sarl|srl|s.r.l|spa|s.p.a|"
    "bv|b.v|nv|n.v|ab|as|a/s|aps|oy|oyj|a.s|s.r.o|sro|z o.o|kft|zrt|nyrt|ооо|оао|ao|зао|ltda|pty"
)
# What stands behind a comma after a name that is not in the sorting form.
_AFTER_COMMA: Final = _LEGAL_FORMS | words(
    "jr|sr|ii|iii|iv|phd|ph.d|md|m.d|esq|mba|cpa|rn|dds|jd|msc|m.sc|bsc|b.sc|ma|ba|dr"
)
_NAME_WORDS: Final = 3
_PHONES_BETWEEN: Final = re.compile(r"\s*[;,|\n]\s*|\s+/\s+|/(?=\+)|\s+(?:or|and|oder|und|ou|et|o|y|e|of|en|или|и)\s+")
_SEMICOLONS: Final = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')  # not those within quotes
_PHONE_WORD: Final = re.compile(r"^[A-Za-z][A-Za-z. ]{1,12}:(?=\s*[+(\d])")
_FEWEST_DIGITS: Final = 7
_PLAIN_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]*[0-9]")
_PHONE: Final = re.compile(r"'?\+?[\d(][\d ()./-]{5,}\d(?: ?(?:x|ext\.?) ?\d+)?")
_ZERO_DATE: Final = re.compile(r"0{1,4}([./-])0{1,2}\1?0{0,4}(?:[T ]00:00(?::00(?:\.0+)?)?)?|00:00:00")
_BRACKETED: Final = re.compile(r"<\s*(?:mailto:)?\s*([^<>\s]+)\s*>", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[;,|\s]+")
_ISO: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?|(\d{4})(\d{2})(\d{2})|--(\d{2})-?(\d{2})")
_THREE: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ,].*)?")
_WORDED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3})[a-z]*[ .,-]+(\d{4})"
    r"|([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
)
_NAMES_OF_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES_OF_MONTHS, start=1)}


def is_nothing(text: str) -> bool:
    """Whether `text` stands for an absent value: `n/a`, `-`, `(none)`."""
    return text in NOTHING


def is_list_kind(text: str) -> bool:
    """Whether a cell says that its row is a distribution list."""
    return text.strip().casefold() in _LIST_KINDS


def is_empty(text: str) -> bool:
    """Whether `text` is a program's word or a sign for an absent value; “none” may be an answer."""
    return text in EMPTY


def is_no_name(text: str) -> bool:
    """Whether a name is none: `n/a`, `null`, `-`; somebody may be called Null."""
    return text in NO_NAME


def sorted_name(text: str) -> tuple[str, str] | None:
    """The family and the given name of `Lovelace, Ada`; None for what is no name in that form: `Acme, Inc.`."""
    family, comma, given = (part.strip() for part in text.partition(","))
    if not comma or len(family) < 2 or not given or "," in given or any(map(str.isdigit, text)):
        return None
    if (
        len(family.split()) > _NAME_WORDS
        or len(given.split()) > _NAME_WORDS
        or given.rstrip(".").casefold() in _AFTER_COMMA
    ):
        return None
    return (family, given) if given[0].isalpha() and not given[0].islower() else None


def is_company(text: str) -> bool:
    """Whether `text` ends as the names of companies do: `GmbH`, `Inc.`."""
    return text.replace(",", " ").rstrip(" .").rpartition(" ")[2].casefold() in _LEGAL_FORMS


def is_default(text: str) -> bool:
    """Whether `text` is a default word of a program that exports it for every contact."""
    return text.casefold() in _DEFAULTS or is_zero_date(text)


def is_zero_date(text: str) -> bool:
    """Whether `text` is a date of zeros, as Outlook writes an absent one: `0/0/00`, `0.0.00`."""
    return text[:1] == "0" and _ZERO_DATE.fullmatch(text) is not None


def split_emails(cell: str) -> tuple[list[str], list[str], str]:
    """The addresses in `cell`, each once, what else it holds, and a person's name that stands beside one address.

    Understands ` ::: `, `;`, `,`, `|`, blanks and line ends between addresses, `mailto:` and `Name <address>`.
    """
    found: dict[str, str] = {}
    rest: list[str] = []
    names: list[str] = []
    text = cell
    if "<" in text:
        for match in _BRACKETED.finditer(text):
            if is_email(address := clean_address(match[1])):
                found.setdefault(email_key(address), address)
        names = [
            name for part in _BRACKETED.split(text)[::2] if (name := part.strip(" \t\r\n,;|:\"'")) and "@" not in name
        ]
        text = " ".join(part for part in _BRACKETED.split(text)[::2] if "@" in part)
    for token in _BETWEEN.split(text.replace(GOOGLE_SEPARATOR, " ")):
        address = token if is_email(token) else token.strip("\"'()[]<>.:")
        if address[:7].lower() == "mailto:":
            address = address[7:].partition("?")[0]
        address = clean_address(address)
        if is_email(address):
            found.setdefault(email_key(address), address)
        elif address:
            rest.append(token)
    if len(found) == 1 and not names and rest and "(" in cell and "@" not in "".join(rest):
        names, rest = [" ".join(rest).strip("()\"' ")], []
    return list(found.values()), rest, names[0] if len(names) == 1 and len(found) == 1 else ""


def split_recipients(line: str) -> list[tuple[str, str]]:
    """The (name, address) pairs of a line as it stands in To: or Bcc:; empty where it is anything else.

    Understands RFC 5322's list with commas, and Outlook's with semicolons, in which a name may hold a comma.
    """
    if "<" not in line:
        return []
    parts = [part for part in _SEMICOLONS.split(line) if part.strip()]
    if len(parts) == 1 or '"' in line:
        pairs = getaddresses([", ".join(parts)])
    else:
        pairs = [(part.partition("<")[0].strip(), part.partition("<")[2].strip(" >")) for part in parts]
    if not all(is_email(address) for _, address in pairs):
        return []
    return [(" ".join(reversed(sorted_name(name) or (name,))), address) for name, address in pairs]


def split_google(cell: str) -> list[str]:
    """The values of a cell in which Google joined several of one label."""
    if GOOGLE_SEPARATOR not in cell:
        return [cell]
    return [value for part in cell.split(GOOGLE_SEPARATOR) if (value := part.strip())]


LABELS: Final = {label: ours for ours, label in GOOGLE_LABELS.items()}


def google_label(text: str) -> tuple[str, bool]:
    """The label in a type or label cell and whether it is marked as the preferred one (`* Home`).

    Google's own words become ours (`Work Fax` is `work fax`); a label that somebody chose keeps its letters.
    """
    text = clean_line(text)
    starred = text.startswith("*")
    label = text.lstrip("* ")
    return LABELS.get(label, label), starred


@lru_cache(1 << 14)
def split_groups(cell: str) -> tuple[tuple[str, ...], bool]:
    """The groups named in `cell`, without programs' system groups, and whether it marks a favorite.

    Google joins with ` ::: ` (its Outlook layout with `;`), others write `;`, `,`, `|`, quoted lists or JSON.
    """
    text = cell.strip()
    if text[:1] == "[" and text[-1:] == "]":
        names = _json_list(text)
    elif GOOGLE_SEPARATOR in text or text[:2] == "* ":
        names = text.split(GOOGLE_SEPARATOR)
    elif '"' in text:
        separator = ";" if '";"' in text else ","
        line = separator.join(text.splitlines())
        names = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    else:
        separator = next((mark for mark in ";|\n," if mark in text), ";")
        names = text.split(separator)
    return sort_out(name for part in names if not is_nothing(name := part.strip().lstrip("* ")))


def _json_list(text: str) -> list[str]:
    try:
        names = json.loads(text)
    except ValueError:
        return [part.strip(" \"'") for part in text[1:-1].split(",")]
    return [str(name["name"]) if isinstance(name, dict) and "name" in name else str(name) for name in names]


@lru_cache(4096)
def iso_date(text: str, order: str = "") -> str:
    """`text` as an ISO 8601 date where it can only mean one day, else as it is.

    Args:
        text: a date as people and programs write it; empty and zero dates give an empty text.
        order: `dmy` or `mdy` where the other rows of the file show which it is.
    """
    text = clean_line(text)
    if is_zero_date(text):
        return ""
    if match := _ISO.fullmatch(text):
        if match[8]:
            return f"--{match[8]}-{match[9]}"
        year, month, day = (match[1], match[3], match[4]) if match[1] else (match[5], match[6], match[7])
        return _joined(int(year), int(month), int(day)) or text
    if match := _THREE.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or order == "dmy" or first > 12 or first == second:
            return _joined(year, second, first) or text
        if order == "mdy" or second > 12:
            return _joined(year, first, second) or text
        return text
    if match := _WORDED.fullmatch(text.lower()):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return _joined(int(year), _MONTHS.get(month, 0), int(day)) or text
    return text


def _joined(year: int, month: int, day: int) -> str:
    if 1 <= month <= 12 and 1 <= day <= 31 and year > 0:
        return f"{year:04}-{month:02}-{day:02}"
    return ""


def date_order(samples: list[str]) -> str:
    """Which of day and month stands first in the dates of a column: `dmy`, `mdy`, or nothing where it does not show."""
    orders = set()
    for text in samples:
        if match := _THREE.fullmatch(text.strip()):
            if int(match[1]) > 12:
                orders.add("dmy")
            if int(match[3]) > 12:
                orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


def date_from_parts(year: str, month: str, day: str) -> str:
    """The ISO date of three cells; without a year `--MM-DD`, and nothing where month or day are missing."""
    if not (month.isdecimal() and day.isdecimal()) or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return year if year.isdecimal() and int(year) else ""
    if year.isdecimal() and int(year):
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return f"--{int(month):02}-{int(day):02}"


def is_phone(cell: str) -> bool:
    """Whether `cell` looks like a telephone number and not like a date."""
    text = cell.strip()
    if _PHONE.fullmatch(text) is None or sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return False
    return _ISO.fullmatch(text) is None and _THREE.fullmatch(text) is None


def is_date(cell: str) -> bool:
    """Whether `cell` is surely a date, also one with a time; eight figures may be a telephone number."""
    text = cell.strip()
    if text.isdecimal():
        return False
    return any(form.fullmatch(text) for form in (_ISO, _THREE)) or _WORDED.fullmatch(text.lower()) is not None


def is_plain_phone(cell: str) -> bool:
    """Whether `cell` is surely one number just as it is stored, as most cells are."""
    return _PLAIN_PHONE.fullmatch(cell) is not None


def split_phones(cell: str) -> list[str]:
    """The numbers in `cell`, which may hold several: only where each part is a number by itself is it parted."""
    if len(cell) < 2 * _FEWEST_DIGITS:
        return [cell]
    parts = [part for part in _PHONES_BETWEEN.split(cell.strip()) if part]
    return parts if len(parts) > 1 and all(map(is_phone, parts)) else [cell]


def clean_phone(text: str) -> str:
    """A phone number as it is stored: on one line, without a spreadsheet's apostrophe before it."""
    number = _PHONE_WORD.sub("", clean_number(text).lstrip("'")).strip()
    return "" if is_nothing(number) else number
