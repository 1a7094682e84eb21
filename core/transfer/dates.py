"""Dates as people and programs write them, and as ISO 8601 does."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from coterie.core.text import clean_line

_ZERO_DATE: Final = re.compile(r"0{1,4}([./-])0{1,2}\1?0{0,4}(?:[T ]00:00(?::00(?:\.0+)?)?)?|00:00:00")
_ISO: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?|(\d{4})(\d{2})(\d{2})|--(\d{2})-?(\d{2})")
_THREE: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ,].*)?")
_WORDED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3})[a-z]*[ .,-]+(\d{4})"
    r"|([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
)
# A day of every year: “10.12.”, “Dec 10”, “10 December”.
_YEARLESS: Final = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.|(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})|([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?"
)
_SERIAL: Final = re.compile(r"[1-5]\d{4}(?:\.0)?")
_FIRST_SERIAL: Final = date(1899, 12, 30)
_FULL_NAMES: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTHS: Final = {name[:3]: number for number, name in enumerate(_FULL_NAMES, start=1)}


def is_zero_date(text: str) -> bool:
    """Whether `text` is a date of zeros, as Outlook writes an absent one: `0/0/00`, `0.0.00`."""
    return text[:1] == "0" and _ZERO_DATE.fullmatch(text) is not None


@lru_cache(4096)
def iso_date(text: str, order: str = "") -> str:
    """`text` as an ISO 8601 date if it can only mean one day, else as it is.

    Args:
        text: a date as people and programs write it; empty and zero dates give an empty text.
        order: `dmy` or `mdy` if the other rows of the file show which it is.
    """
    text = clean_line(text)
    if is_zero_date(text):
        return ""
    if match := _ISO.fullmatch(text):
        if match[8]:
            return f"--{match[8]}-{match[9]}"
        year, month, day = (match[1], match[3], match[4]) if match[1] else (match[5], match[6], match[7])
        if not int(year):  # a day of every year, to programs that must write one
            return date_from_parts("", month, day) or text
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
    if match := _YEARLESS.fullmatch(text.lower()):
        day, month = (match[1], match[2]) if match[1] else (match[3] or match[6], _month(match[4] or match[5]))
        return date_from_parts("", str(month), day) or text
    return text


def _month(word: str) -> int:
    """The number of the month that an English word or the beginning of one names; 0 for any other word."""
    return next((number for number, name in enumerate(_FULL_NAMES, start=1) if name.startswith(word)), 0)


def serial_date(text: str) -> str:
    """The date of a spreadsheet's number of days (`29221` is 1980-01-01), 1927 to 2064; any other text as it is."""
    text = text.strip()
    return (_FIRST_SERIAL + timedelta(int(text[:5]))).isoformat() if _SERIAL.fullmatch(text) else text


def rewritten_date(text: str, order: str) -> str:
    """A date of three numbers, as spreadsheets write `1980-02-03` anew, in ISO 8601; any other text as it is."""
    return iso_date(text, order) if _THREE.fullmatch(text) and not is_zero_date(text) else text


def _joined(year: int, month: int, day: int) -> str:
    if 1 <= month <= 12 and 1 <= day <= 31 and year > 0:
        return f"{year:04}-{month:02}-{day:02}"
    return ""


def date_order(samples: list[str]) -> str:
    """Which of day and month stands first in the dates of a column: `dmy`, `mdy`, or empty if they do not show it."""
    orders = set()
    for text in samples:
        if match := _THREE.fullmatch(text.strip()):
            if int(match[1]) > 12:
                orders.add("dmy")
            if int(match[3]) > 12:
                orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


def date_from_parts(year: str, month: str, day: str) -> str:
    """The ISO date of three cells; `--MM-DD` without a year, and only the year without a month or a day."""
    if not (month.isdecimal() and day.isdecimal()) or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return year if year.isdecimal() and int(year) else ""
    if year.isdecimal() and int(year):
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return f"--{int(month):02}-{int(day):02}"


def may_be_date(text: str) -> bool:
    """Whether `text` has the form of a date in digits, also of eight digits alone."""
    return _ISO.fullmatch(text) is not None or _THREE.fullmatch(text) is not None


def is_date(cell: str) -> bool:
    """Whether `cell` is surely a date, also one with a time; eight digits may be a phone number."""
    text = cell.strip()
    if text.isdecimal():
        return False
    return any(form.fullmatch(text) for form in (_ISO, _THREE)) or _WORDED.fullmatch(text.lower()) is not None
