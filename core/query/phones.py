"""Phone numbers in a search, as people type them: with blanks, brackets, dashes, dots and slashes."""

from __future__ import annotations

import re
from typing import Final

from coterie.core.text import phone_key

_SEPARATOR: Final = "(?: - |[ ./\\-\u00a0\u2010-\u2013])"
# Groups of digits up to the end of a word: (020) 7946-0958.
_GROUPS: Final = re.compile(
    rf"\+?(?:[0-9]+|\(\+?[0-9]{{1,5}}\))(?:{_SEPARATOR}?\(\+?[0-9]{{1,5}}\)(?:[0-9]+)?|{_SEPARATOR}[0-9]+)+(?=[\s)]|$)"
)
_DIGITS: Final = re.compile("[0-9]+")
_PHONE_ONLY: Final = re.compile("[+0-9\\s()./\\-\u2010-\u2013]+")
SHORTEST: Final = 7
"""A whole number has at least so many digits: a local one without its area code."""
_LONGEST: Final = 15  # ITU-T E.164
_CLEAR: Final = 3  # so many groups are a number; two may be two years


def number_at(text: str, place: int, shortest: int = SHORTEST) -> str:
    """The number of several groups of digits that begins at `place`, as it is written; empty if there is none."""
    match = _GROUPS.match(text, place)
    if match is None:
        return ""
    groups = _DIGITS.findall(match[0])
    is_clear = match[0][0] in "+(0" or len(groups) >= _CLEAR
    return match[0] if is_clear and shortest <= sum(map(len, groups)) <= _LONGEST else ""


def phone_forms(text: str) -> tuple[str, ...]:
    """The digits by which a number that was typed as `text` is found; none if `text` is no number.

    Of a whole number the trunk or exit prefix (0, 00, +) is left out, and the (0) that is only dialed at home, so
    that `(020) 7946-0958` finds `+44 20 7946 0958` too.
    """
    if not _PHONE_ONLY.fullmatch(text):
        return ()
    forms = []
    for written in (text, text.replace("(0)", "")):
        key = phone_key(written)
        digits = key.lstrip("+0")
        forms.append(digits if len(digits) >= SHORTEST else key)
    return tuple(dict.fromkeys(form for form in forms if form.strip("+")))
