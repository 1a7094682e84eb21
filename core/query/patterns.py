"""Regular expressions of users: checked before they run, and stopped where they run away.

A pattern such as `(a|aa)+$` takes longer than the age of the universe on thirty letters, and Python's own engine cannot
be stopped meanwhile; the `regex` package keeps a time limit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import regex

SECONDS: Final = 0.25
"""How long one pattern may look at one value; sane ones take microseconds."""
MAX_PATTERN: Final = 1_000


class BadPattern(ValueError):
    """The pattern cannot be read; the text says what is wrong and where."""


class SlowPattern(ValueError):
    """The pattern takes too long."""


@lru_cache(64)
def compile_pattern(pattern: str, *, ignore_case: bool = True) -> regex.Pattern[str]:
    """The compiled pattern. Raises BadPattern."""
    import regex  # only who types a pattern waits for it

    if len(pattern) > MAX_PATTERN:
        raise BadPattern(f"it is longer than {MAX_PATTERN:,} characters")
    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, OverflowError, RecursionError) as error:
        place = getattr(error, "pos", None)
        where = f" at its character {place + 1}" if place is not None else ""
        raise BadPattern(f"{getattr(error, 'msg', error)}{where}") from error


def matches(pattern: str, value: str) -> bool:
    """Whether `pattern` is found in `value`. Raises BadPattern or SlowPattern."""
    try:
        return compile_pattern(pattern).search(value, timeout=SECONDS) is not None
    except TimeoutError as error:
        raise SlowPattern(f"“{pattern}” takes too long") from error


def replaced(pattern: str, new: str, text: str) -> str:
    """`text` with each match become `new`; case counts. Raises BadPattern or SlowPattern."""
    try:
        return compile_pattern(pattern, ignore_case=False).sub(new, text, timeout=SECONDS)
    except TimeoutError as error:
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
