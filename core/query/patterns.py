"""Regular expressions of users: checked before they run, and stopped if they run away.

A pattern such as `(a|aa)+$` takes longer than the age of the universe on thirty letters, and Python's own engine cannot
be stopped meanwhile; the `regex` package keeps a time limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from coterie.core.limits import PATTERN, SECONDS, TRIES, VALUE

if TYPE_CHECKING:
    import regex

_LONG: Final = 50_000
"""A value of so many characters has twice the time."""
_slow: Final[Counter[str]] = Counter()
"""How often each pattern took too long in this program: after some tries it is not tried any more."""


class BadPattern(ValueError):
    """The pattern cannot be read; the text says what is wrong and where."""


class SlowPattern(ValueError):
    """The pattern takes too long."""


class TooMuch(ValueError):
    """What a replacement makes of a text is larger than a text may be."""


@lru_cache(64)
def compile_pattern(pattern: str, *, ignore_case: bool = True) -> regex.Pattern[str]:
    """The compiled pattern. Raises BadPattern."""
    import regex  # slow to import: only patterns need it

    if len(pattern) > PATTERN:
        raise BadPattern(f"it is longer than {PATTERN:,} characters")
    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, OverflowError, RecursionError) as error:
        place = getattr(error, "pos", None)
        where = f" at its character {place + 1}" if place is not None else ""
        raise BadPattern(f"{getattr(error, 'msg', error)}{where}") from error


def matches(pattern: str, value: str, *, ignore_case: bool = True) -> bool:
    """Whether `pattern` is found in `value`. Raises BadPattern or SlowPattern."""
    with _in_time(pattern):
        return compile_pattern(pattern, ignore_case=ignore_case).search(value, timeout=_seconds(value)) is not None


def replaced(pattern: str, new: str, text: str) -> str:
    """`text` with each match become `new`; case counts. Raises BadPattern, SlowPattern or TooMuch."""
    with _in_time(pattern):
        compiled = compile_pattern(pattern, ignore_case=False)
        if (len(text) + 1) * (len(new) + new.count("\\") * len(text)) <= VALUE:
            return compiled.sub(new, text, timeout=_seconds(text))
        return compiled.sub(_Bounded(new, len(text)), text, timeout=_seconds(text))


def _seconds(text: str) -> float:
    return SECONDS * (1 + len(text) / _LONG)


class _Bounded:
    """Expands `new` for match after match, as long as the whole may still be a text; raises TooMuch."""

    def __init__(self, new: str, length: int) -> None:
        self._new = new
        self._references = new.count("\\")
        self._room = VALUE + length

    def __call__(self, match: regex.Match[str]) -> str:
        longest = max(len(group or "") for group in (match[0], *match.groups()))
        if len(self._new) + self._references * longest <= self._room:
            text = match.expand(self._new)
            self._room -= len(text)
            if self._room >= 0:
                return text
        raise TooMuch(f"it would have more than {VALUE:,} characters")


@contextmanager
def _in_time(pattern: str) -> Iterator[None]:
    """Count the times when a pattern takes too long; soon it is refused at once."""
    if _slow[pattern] >= TRIES:
        raise SlowPattern(f"“{pattern}” takes too long")
    try:
        yield
    except TimeoutError as error:
        _slow[pattern] += 1
        raise SlowPattern(f"“{pattern}” takes too long") from error


def check_replacement(pattern: str, new: str) -> None:
    """Raise BadPattern unless `new` can take the place of a match: it may name groups that are not there."""
    import regex

    try:  # an empty alternative always matches, so that `new` is read
        compile_pattern(f"{pattern}|", ignore_case=False).sub(new, "")
    except (regex.error, IndexError) as error:
        raise BadPattern(str(error)) from error


def is_begun(pattern: str) -> bool:
    """Whether only closing brackets are missing, or what follows the last backslash."""
    for end in ("", "]", "\\", "a)", "a"):
        for count in range(pattern.count("(") + 1):
            try:
                compile_pattern(pattern + end + ")" * count)
            except BadPattern:
                continue
            return True
    return False
