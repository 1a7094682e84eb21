"""What cells hold: lists of addresses, dates, groups, words that mean "nothing"."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from email.utils import getaddresses
from functools import lru_cache
from typing import Final

from coterie.core.fields import FIELDS
from coterie.core.model import Contact, Email
from coterie.core.text import clean_address, clean_line, clean_number, email_key, is_email
from coterie.core.transfer.addresses import bare_address, is_exchange
from coterie.core.transfer.dates import is_zero_date, may_be_date
from coterie.core.transfer.names import decoded_words
from coterie.core.transfer.system_groups import sort_out
from coterie.core.wellknown import GOOGLE_LABELS


def words(text: str) -> frozenset[str]:
    """The words of a list that is separated by `|`."""
    return frozenset(text.split("|"))


def in_every_case(texts: Iterable[str]) -> frozenset[str]:
    """Words in the ways in which they are written, so that a cell need not be changed to be looked up."""
    return frozenset(form for word in texts for form in (word, word.upper(), word.capitalize(), word.title()))


# Google's separator of several values of one label in one cell.
GOOGLE_SEPARATOR: Final = ":::"
# What programs and people write if they have nothing, in capitals and small letters.
EMPTY: Final = in_every_case(
    words(
        "+|http://|https://|-|--|---|–|—|.|..|...|?|??|'|''|_|n/a|n.a.|n.a|n\\a|#n/a|#name?|#ref!|#value!|null|(null)|nan|undefined|\\n"
    )
)
_NOTHING: Final = EMPTY | words(
    "na|n/k|tbd|tbc|none|nil|unknown|not provided|not available|not applicable|not specified|no name|no email|"
    "no e-mail|noemail|no phone|keine|kein|keiner|keines|keine angabe|k.a.|k. a.|nicht angegeben|nicht vorhanden|"
    "unbekannt|aucun|aucune|inconnu|non renseigné|ninguno|ninguna|desconocido|nenhum|nenhuma|nessuno|nessuna|geen|"
    "onbekend|ingen|inget|brak|žádný|нет|なし|無し|无|無|없음"
)
NOTHING: Final = (
    in_every_case(_NOTHING)
    | {"k.A.", "k. A."}
    | {f"{left}{word}{right}" for word in _NOTHING for left, right in ("()", "[]", "<>")}
)
# Words of that kind that are also names, if they are written as one.
_ALSO_NAMES: Final = words("Na|Nan|Nil|Null|Brak")
NO_NAME: Final = NOTHING - _ALSO_NAMES
NO_SIGN: Final = EMPTY - _ALSO_NAMES
"""What stands for no name even beside another one: “Geen” and “None” may be names there."""
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
_AND: Final = "or|and|oder|und|ou|et|o|y|e|of|en|или|и"
_PHONES_BETWEEN: Final = re.compile(rf"\s*[;,|\n]\s*|\s+/\s+|(?<!/)/(?=\+)|\s+(?:{_AND})\s+")
_SEMICOLONS: Final = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')  # not those within quotes
# What stands before a number: `p:` in Facebook's files, `tel:`, `Mobile: `.
_PHONE_WORD: Final = re.compile(r"'?[A-Za-z][A-Za-z. ]{0,12}:(?://)?(?=\s*[+(\d])")
_POSTAL_WORD: Final = re.compile(r"'+|z:(?=\w)")
_FEWEST_DIGITS: Final = 7
_PLAIN_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]*[0-9]")
_PHONE: Final = re.compile(r"'?\+?[\d(][\d ()./-]{5,}\d(?: ?(?:x|ext\.?) ?\d+)?")
_BRACKETED: Final = re.compile(r"<\s*([^<>\s]+|(?:EX:|X500:)?/o=[^<>]+)\s*>", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[;,|\s]+|\+(?=(?:smtp|sip|x500):)", re.IGNORECASE)

_TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?>", re.IGNORECASE)


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


def as_spoken(name: str) -> str:
    """The name beside an address as people say it: `Lovelace, Ada` is Ada Lovelace, encoded words are decoded."""
    name = decoded_words(name)
    return " ".join(reversed(sorted_name(name) or (name,)))


def is_company(text: str) -> bool:
    """Whether `text` ends as the names of companies do: `GmbH`, `Inc.`."""
    return text.replace(",", " ").rstrip(" .").rpartition(" ")[2].casefold() in _LEGAL_FORMS


def is_default(text: str) -> bool:
    """Whether `text` is a default word of a program that exports it for every contact."""
    return text.casefold() in _DEFAULTS or is_zero_date(text)


def split_emails(cell: str) -> tuple[list[str], list[str], str]:
    """The addresses in `cell`, each once, what else it holds, and the name of the one person that it names.

    Understands ` ::: `, `;`, `,`, `|`, blanks and line ends between addresses, `mailto:` and `Name <address>`.
    """
    addresses: dict[str, str] = {}
    rest: list[str] = []
    names: list[str] = []
    text = cell = _TAG.sub(" ", cell) if "</" in cell else cell
    if "<" in text:
        for match in _BRACKETED.finditer(text):
            if is_email(address := bare_address(match[1])):
                addresses.setdefault(email_key(address), address)
            elif is_exchange(match[1]):
                rest.append(match[1])
        names = names_beside(text)
        text = " ".join(part for part in _BRACKETED.split(text)[::2] if "@" in part)
    for token in _BETWEEN.split(text.replace(GOOGLE_SEPARATOR, " ")):
        address = clean_address(token) if is_email(token) else bare_address(token.strip("\"'()[]<>.:"))
        if is_email(address):
            addresses.setdefault(email_key(address), address)
        elif address:
            rest.append(token)
    if len(addresses) > 1:
        rest = [word for word in rest if word not in words(_AND) and any(map(str.isalnum, word))]
    if len(addresses) == 1 and not names and rest and "(" in cell and "@" not in "".join(rest):
        names, rest = [" ".join(rest).strip("()\"' ")], []
    return list(addresses.values()), rest, names[0] if len(names) == 1 and addresses else ""


def names_beside(text: str) -> list[str]:
    """The names that stand before addresses in angle brackets, each once."""
    parts = [as_spoken(part.strip(" \t\r\n,;|:\"'")) for part in _BRACKETED.split(text)[::2]]
    return list({name.casefold(): name for name in parts if name and "@" not in name}.values())


def split_recipients(line: str) -> list[tuple[str, str]]:
    """The (name, address) pairs of a line as it stands in To: or Bcc:; empty if it is anything else.

    Understands RFC 5322's list with commas, and Outlook's with semicolons, in which a name may hold a comma. A mailbox
    of which only its own Exchange server knows the address has what the server calls it in place of one.
    """
    if "<" not in line:
        return []
    parts = [part for part in _SEMICOLONS.split(line.strip().rstrip(",;")) if part.strip()]
    is_rfc = len(parts) == 1 or '"' in line
    found = getaddresses([", ".join(parts)]) if is_rfc else map(_recipient, parts)
    pairs = [(as_spoken(name), bare_address(address)) for name, address in found]
    addressed = sum(is_email(address) for _, address in pairs)
    if not addressed or addressed + sum(is_exchange(address) for _, address in pairs) < len(pairs):
        return []
    return pairs


def _recipient(part: str) -> tuple[str, str]:
    """The name and the address in `Ann Ash <ann@example.org>`, or an address alone."""
    name, bracket, address = part.partition("<")
    return (name.strip(" '"), address.strip(" >")) if bracket else ("", part)


def recipient(name: str, address: str, groups: tuple[str, ...] = ()) -> Contact:
    """The contact for a pair of `split_recipients`; what is no e-mail address is kept beside the name."""
    name = clean_line(name)
    if is_email(address):
        return Contact(name=name, emails=(Email(address),), groups=groups)
    return Contact(name=name, groups=groups, custom={FIELDS["emails"].label: address} if address else {})


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
    except (ValueError, RecursionError):
        return [part.strip(" \"'") for part in text[1:-1].split(",")]
    return [str(name["name"]) if isinstance(name, dict) and "name" in name else str(name) for name in names]


def is_phone(cell: str) -> bool:
    """Whether `cell` looks like a phone number and not like a date."""
    text = _without_word(cell.strip())
    if _PHONE.fullmatch(text) is None or sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return False
    return not may_be_date(text)


def is_plain_phone(cell: str) -> bool:
    """Whether `cell` is surely one number just as it is stored, as most cells are."""
    return _PLAIN_PHONE.fullmatch(cell) is not None and not cell.endswith(".0")


def split_phones(cell: str) -> list[str]:
    """The numbers in `cell`, which may hold several: it is separated only if each part is a number by itself."""
    if len(cell) < 2 * _FEWEST_DIGITS:
        return [cell]
    parts = [part for part in _PHONES_BETWEEN.split(cell.strip()) if part]
    return parts if len(parts) > 1 and all(map(is_phone, parts)) else [cell]


def clean_phone(text: str) -> str:
    """A phone number as it is stored: on one line, without what programs put before it."""
    number = _without_word(clean_number(text))
    return "" if is_nothing(number) else number


def _without_word(number: str) -> str:
    word = _PHONE_WORD.match(number)
    return number[word.end() :].strip() if word else number


def clean_postal_code(text: str) -> str:
    """A postal code without what programs put before it: an apostrophe, `z:` in Facebook's files."""
    word = _POSTAL_WORD.match(text)
    return text[word.end() :] if word else text
