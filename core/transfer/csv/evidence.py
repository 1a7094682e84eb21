"""What the cells of a column say: a column of addresses is e-mail, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from coterie.core.text import is_email
from coterie.core.transfer.csv.headings import label_group, names_labels, target_of
from coterie.core.transfer.csv.targets import ADDRESS_PARTS, CUSTOM
from coterie.core.transfer.csv.values import is_nothing, is_phone, split_emails, split_phones, words
from coterie.core.transfer.csv.words import heading_key, is_label
from coterie.core.transfer.dates import is_date

_URL: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DISGUISED: Final = re.compile(r"\S+ ?[(\[] ?at ?[)\]] ?\S+(?: ?[(\[] ?dot ?[)\]] ?\S+)*", re.IGNORECASE)
_POSTAL_CODE: Final = re.compile(r"(?:[A-Z]{1,3}[- ])?\d{2,3}[ -]?\d{2,4}")
_TOWN_OR_CODE: Final = {"city": "postal_code", "postal_code": "city"}
# The share of the cells that must say the same against the heading; the others are slips.
_NEARLY_ALL: Final = 0.9
_LONGEST_LABEL: Final = 30

_NAMES: Final = words(
    "name|name?|name_weak|sorted_name|given_name|family_name|family?|additional_names|suffix|nickname|other_name"
)
_WORK: Final = words("company|job_title|department|title?|role?|job?")
_PLACES: Final = frozenset(ADDRESS_PARTS) | {"address"}
_REACHED: Final = words("email|phone|url")
TRUTHS: Final = words(
    "true|false|wahr|falsch|vrai|faux|verdadero|vero|falso|verdadeiro|waar|onwaar|sant|falskt|истина|ложь"
)
_FLAGS: Final = TRUTHS | words(
    "yes|no|y|n|t|f|0|1|x|on|off|checked|unchecked|ja|nein|j|oui|non|o|sí|si|s|sim|não|nao|nee|nej|nei|tak|nie|да|нет|はい|いいえ|是|否"
)
_STATES: Final = words(
    "active|inactive|activated|deactivated|cancelled|canceled|pending|subscribed|unsubscribed|confirmed|unconfirmed|"
    "bounced|cleaned|approved|rejected|declined|accepted|invited|registered|verified|unverified|enabled|disabled|"
    "archived|deleted|blocked|suspended|expired|complained|opted in|opted out|open|closed|new|trial|paid|unpaid|"
    "aktiv|inaktiv|gekündigt|abgemeldet|angemeldet|storniert|ausstehend|bestätigt|gesperrt|offen|bezahlt|actif|inactif|"
    "annulé|annulée|en attente|confirmé|confirmée|abonné|désabonné|activo|inactivo|activa|inactiva|cancelado|cancelada|"
    "pendiente|confirmado|attivo|inattivo|annullato|in attesa|confermato|ativo|inativo|pendente|actief|inactief|"
    "geannuleerd|in afwachting|bevestigd|активен|неактивен|отменён|отменен"
)
_TIMES: Final = words("time|timestamp|date|datetime|created|updated|modified|added|since|last|id|uid|zeit|datum|fecha")
# A column of such cells is none of these fields.
_REFUSED: Final = {
    "email": (_NAMES | _WORK | _PLACES | {"phone", "url", "groups", "birthday"}) - {"nickname"},
    "url": (_NAMES | _WORK | _PLACES | {"phone", "email", "groups", "birthday"}) - {"name", "name?"},
    "phone": (_NAMES | _WORK | {"email", "url", "groups"}) - {"nickname", "suffix"},
    "date": _NAMES | _WORK | _PLACES | _REACHED | {"groups"},
    "flag": _NAMES | _WORK | _PLACES | _REACHED | {"groups", "birthday"},
    "state": _NAMES | _WORK | _PLACES | _REACHED,
}


def correct(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """Correct headings that the cells contradict: such columns become what they hold, or custom fields."""
    for place, target in enumerate(targets):
        key = target.partition(":")[0]
        if not target or "#" in target or not samples[place]:
            continue
        kind = _kind(samples[place])
        if key in _NAMES and not _is_plain(kind, samples[place]):
            continue
        if key in _REFUSED.get(kind, ()):
            targets[place] = kind if kind in _REACHED else CUSTOM
        elif (
            kind == "email"
            and "email" not in map(_key, targets)
            and (target == "notes" or (target == CUSTOM and _is_login(headings[place])))
        ):
            targets[place] = "email"
    _correct_words(targets, samples)
    _correct_towns(targets, samples)


def _correct_words(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """Columns of addresses, numbers or web sites that hold words: the names, if no other column has them."""
    for place, target in enumerate(targets):
        key, filled = _key(target), _filled(samples[place])
        if key not in _REACHED or "#" in target or share(filled, _is_word_or_name) < _NEARLY_ALL:
            continue
        if _NAMES.isdisjoint(map(_key, targets)) and "company" not in targets and _looks_like_names(filled):
            targets[place] = "name"
        elif key != "email":  # that one keeps them, and says that they are no addresses
            targets[place] = CUSTOM


def _correct_towns(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """“City” with postal codes and “Postal code” with names of towns, which somebody mixed up."""
    for place, target in enumerate(targets):
        key, _, label = target.partition(":")
        if key not in _TOWN_OR_CODE:
            continue
        swapped = f"{_TOWN_OR_CODE[key]}:{label}".rstrip(":")
        other = targets.index(swapped) if swapped in targets else None
        if _is_other_part(key, samples[place]) and (
            other is None or _is_other_part(_TOWN_OR_CODE[key], samples[other])
        ):
            targets[place] = swapped
            if other is not None:
                targets[other] = target
                return


def _is_other_part(key: str, cells: Sequence[str]) -> bool:
    """Whether what should be towns are postal codes, or the other way round."""
    test = _is_postal_code if key == "city" else _has_no_figure
    return share(_filled(cells), test) >= _NEARLY_ALL


def _is_postal_code(cell: str) -> bool:
    return _POSTAL_CODE.fullmatch(cell) is not None


def _has_no_figure(cell: str) -> bool:
    return not any(map(str.isdigit, cell))


def _is_word_or_name(cell: str) -> bool:
    return _has_no_figure(cell) and _is_name(cell) and "." not in cell.rstrip(".")


def _filled(cells: Sequence[str]) -> list[str]:
    return [text for cell in cells if not is_nothing(text := cell.strip())]


def _kind(cells: Sequence[str]) -> str:
    """What nearly all of `cells` are, if that is plain to see."""
    filled = _filled(cells)
    for kind, test in _TESTS.items():
        if share(filled, test) >= _NEARLY_ALL:
            return kind
    lower = {cell.casefold() for cell in filled}
    if lower and lower <= _FLAGS and (lower & TRUTHS or len(lower) > 1):
        return "flag"
    return "state" if lower and lower <= _STATES else ""


def _is_plain(kind: str, cells: Sequence[str]) -> bool:
    """Whether cells are so plainly of a kind that no name can be meant: Si and No are names, and so may figures be."""
    if kind == "flag":
        return len(cells) > 1 and any(cell.strip().casefold() in TRUTHS for cell in cells)
    return kind != "phone" or not all(cell.strip().isdecimal() for cell in cells)


def _key(target: str) -> str:
    return target.partition(":")[0].partition("#")[0]


def _is_login(heading: str) -> bool:
    """Whether a heading calls a person by the name under which programs know them, often the address."""
    return heading_key(heading) in _LOGINS


_LOGINS: Final = words(
    "username|user name|user|login|login name|user id|userid|upn|user principal name|userprincipalname|account|id|"
    "benutzername|benutzer|nom d utilisateur|identifiant|usuario|nombre de usuario|utente|nome utente|gebruikersnaam"
)


def label_columns(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A column of labels (Home, Work) beside values holds the labels of these values, and no groups.

    Its heading says so (“Email Label”), or says nothing (“Type”) while all of its cells are such words.
    """
    slot = 1 + max((int(target.rpartition("#")[2]) for target in targets if "#" in target), default=0)
    for place, heading in enumerate(headings):
        group = label_group(heading) if heading.strip() else ""
        if group is None or not samples[place] or targets[place] not in {"", CUSTOM, "default", "groups"}:
            continue
        plain = share(samples[place], is_label) >= _NEARLY_ALL
        if not plain and not (group and names_labels(heading) and all(map(_may_be_label, samples[place]))):
            continue
        if columns := _labelled(place, group, headings, targets):
            key = _key(targets[columns[0]])
            targets[place] = f"{'address' if key in _PLACES else key}_label#{slot}"
            for column in columns:
                targets[column] = f"{targets[column]}#{slot}"
            slot += 1


def _labelled(place: int, group: str, headings: Sequence[str], targets: Sequence[str]) -> list[int]:
    """The columns whose label stands in the column `place`: the nearest of its group, with the same number."""
    groups = {group} if group else {"email", "phone", "url", "address"}
    candidates = [
        other for other, target in enumerate(targets)
        if "#" not in target and ("address" if _key(target) in _PLACES else _key(target)) in groups
        and (group or abs(other - place) == 1)
    ]  # fmt: skip
    if not candidates:
        return []
    number = [word for word in heading_key(headings[place]).split() if word.isdigit()]
    nearest = min(
        candidates, key=lambda other: ([w for w in heading_key(headings[other]).split() if w.isdigit()] != number,
                                  abs(other - place), other < place)
    )  # fmt: skip
    return (
        [other for other in candidates if _key(targets[other]) in _PLACES]
        if _key(targets[nearest]) in _PLACES
        else [nearest]
    )


def _may_be_label(cell: str) -> bool:
    text = cell.strip()
    return "@" not in text and len(text) <= _LONGEST_LABEL and sum(map(str.isdigit, text)) * 2 < len(text)


def by_label(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A heading that is a label (Office) says where the numbers and addresses below it belong."""
    for place, target in enumerate(targets):
        if not target and is_label(headings[place]) and (kind := _kind(samples[place])) in {"phone", "email"}:
            targets[place] = target_of(f"{headings[place]} {kind}") or kind


def by_value(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """Find by their values what no heading tells: addresses, and if no column is named, names and numbers too."""
    unknown = [place for place, target in enumerate(targets) if not target and samples[place]]
    addressed = [place for place, target in enumerate(targets) if target.startswith("email") and target != "email_name"]
    if not any(share(samples[place], _has_email) > 0 for place in addressed):
        for place in list(unknown):
            if share(samples[place], _has_email) >= 0.5:
                targets[place] = "email"
                unknown.remove(place)
    headed = any(heading.strip() for heading in headings)
    mapped = sum(1 for target in targets if target and target != CUSTOM)
    named = any(target in {"name", "given_name", "family_name"} for target in targets)
    if not named and not any(target == "company" for target in targets):
        _names_by_value(targets, unknown, samples, alone=not headed)
    if not headed or mapped <= 1:
        for place in list(unknown):
            if targets[place]:
                continue
            if share(samples[place], is_phone) >= 0.7 and not _tells_time(headings[place]):
                targets[place] = "phone"
            elif share(samples[place], _is_url) >= 0.7:
                targets[place] = "url"
    if not headed:
        label_columns(headings, targets, samples)
        _groups_by_value(targets, samples)


def _tells_time(heading: str) -> bool:
    """Whether the figures below a heading count seconds, as programs do, and are no number to call."""
    return not _TIMES.isdisjoint(heading_key(heading).split())


def _names_by_value(targets: list[str], unknown: list[int], samples: Sequence[Sequence[str]], *, alone: bool) -> None:
    likely = [place for place in unknown if not targets[place] and _looks_like_names(samples[place])]
    if not likely:
        return
    first = likely[0]
    single = share(samples[first], lambda cell: " " not in cell.strip()) > 0.5
    second = first + 1
    if single and second in likely and share(samples[second], lambda cell: " " not in cell.strip()) > 0.5:
        targets[first], targets[second] = "given_name", "family_name"
        rest = [place for place in likely if place > second]
    else:
        targets[first] = "name"
        rest = likely[1:]
    if alone and rest and share(samples[rest[0]], lambda cell: " " in cell.strip()) > 0.5:
        targets[rest[0]] = "company"


def _groups_by_value(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """In a table without headings, the last columns whose single words come again are groups."""
    last = len(targets) - 1
    words: list[str] = []
    marked: list[int] = []
    while last > 0 and not targets[last] and samples[last] and all(_is_word(cell) for cell in samples[last]):
        words += [cell.strip().casefold() for cell in samples[last]]
        column = {cell.strip().casefold() for cell in samples[last]}
        if len(samples[last]) == len(column) and len(set(words)) == len(words) and marked:
            break
        marked.append(last)
        last -= 1
    if len(words) > len(set(words)):
        repeated = {word for word in words if words.count(word) > 1}
        for place in marked:
            if any(cell.strip().casefold() in repeated for cell in samples[place]):
                targets[place] = "groups"


def share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    """The share of `cells` that pass `test`."""
    return sum(1 for cell in cells if test(cell)) / len(cells) if cells else 0.0


def _is_mail(cell: str) -> bool:
    """Whether a cell is addresses, perhaps with names beside them or disguised, and nothing else."""
    if "@" not in cell:
        return _DISGUISED.fullmatch(cell) is not None
    addresses, rest, _ = split_emails(cell)
    return bool(addresses) and not rest and all("." in address.rpartition("@")[2] for address in addresses)


def _are_phones(cell: str) -> bool:
    return all(map(is_phone, split_phones(cell)))


def _has_email(cell: str) -> bool:
    return "@" in cell and bool(is_email(cell.strip()) or split_emails(cell)[0])


def has_letter(cell: str) -> bool:
    """Whether a cell is not only figures and signs."""
    return any(map(str.isalpha, cell))


def _is_url(cell: str) -> bool:
    return _URL.fullmatch(cell.strip()) is not None


def _is_word(cell: str) -> bool:
    text = cell.strip()
    return text.isidentifier() or text.replace("-", "").isidentifier()


def _looks_like_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    if len(names) > 3 and len({*names}) * 3 < len(names):
        return False
    return share(names, _is_name) >= 0.7


def _is_name(text: str) -> bool:
    words = text.split()
    letters = sum(map(str.isalpha, text))
    return (
        0 < len(words) <= 5
        and len(text) <= 50
        and text[0].isalpha()
        and not text[0].islower()
        and letters >= 0.6 * len(text)
        and not any(mark in text for mark in "@/:;?!=<>{}[]")
    )


_TESTS: Final[dict[str, Callable[[str], bool]]] = {
    "email": _is_mail, "url": _is_url, "date": is_date, "phone": _are_phones,
}  # fmt: skip
