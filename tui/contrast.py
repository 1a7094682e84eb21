"""Whether text can be read on a ground, and the nearest color that can (WCAG 2.2, https://www.w3.org/TR/WCAG22/)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Final

RGB = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""

READABLE: Final = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""
_STEPS: Final = 24
_LEVELS: Final = (0, 95, 135, 175, 215, 255)


def luminance(color: RGB) -> float:
    """The relative luminance of an sRGB color, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(first: RGB, second: RGB) -> float:
    """The contrast of two colors, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def mix(color: RGB, other: RGB, share: float) -> RGB:
    """`color` with a share (0 to 1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, other, strict=True))
    return red, green, blue


def parse(text: str) -> RGB:
    """The color `#rrggbb`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(color: RGB) -> str:
    """`#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def _fixed() -> dict[RGB, int]:
    cube = [(red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS]
    greys = [(level, level, level) for level in range(8, 248, 10)]
    colors: dict[RGB, int] = {}
    for number, color in enumerate((*cube, *greys), 16):
        colors.setdefault(color, number)
    return colors


FIXED: Final = _fixed()
"""The colors of xterm's palette of 256 that are the same in every terminal, and their numbers."""


def _distance(first: RGB, second: RGB) -> float:
    """How different they look (the "redmean" of https://www.compuphase.com/cmetric.htm)."""
    mean = (first[0] + second[0]) / 2
    red, green, blue = ((a - b) ** 2 for a, b in zip(first, second, strict=True))
    return (2 + mean / 256) * red + 4 * green + (2 + (255 - mean) / 256) * blue


@lru_cache(1024)
def nearest_fixed(color: RGB) -> RGB:
    """The nearest color that a terminal with 256 colors can show."""
    return color if color in FIXED else min(FIXED, key=lambda candidate: _distance(candidate, color))


@lru_cache(1024)
def readable(color: RGB, grounds: Sequence[RGB], *, fixed: bool = False) -> RGB:
    """The color nearest to `color` that can be read on all `grounds`; black or white if none can.

    Args:
        color: the color that is wanted.
        grounds: what it is to be read on.
        fixed: only colors of a terminal with 256 colors.
    """
    end = (255, 255, 255) if _worst((255, 255, 255), grounds) > _worst((0, 0, 0), grounds) else (0, 0, 0)
    is_readable = partial(_is_readable, grounds)
    mixed = next(filter(is_readable, (mix(color, end, step / _STEPS) for step in range(_STEPS))), end)
    if not fixed or mixed in FIXED:
        return mixed
    return next(filter(is_readable, sorted(FIXED, key=lambda candidate: _distance(candidate, mixed))), end)


def _is_readable(grounds: Sequence[RGB], color: RGB) -> bool:
    return _worst(color, grounds) >= READABLE


def _worst(color: RGB, grounds: Sequence[RGB]) -> float:
    return min(contrast(color, ground) for ground in grounds)
