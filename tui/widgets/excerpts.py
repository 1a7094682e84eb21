"""Excerpts: of two texts that differ somewhere, as much as fits, with what differs in sight and the rest elided."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from coterie.core.text import printable

EMPTY: Final = "(empty)"


class Piece(NamedTuple):
    """A part of a text, and whether it differs from the other text."""

    text: str
    differs: bool


def excerpts(old: str, new: str, width: int, ellipsis: str = "…") -> tuple[list[Piece], list[Piece]]:
    """Both texts in at most `width` cells each: whole words that differ, and what there is room for around them."""
    old, new = _one_line(old), _one_line(new)
    before, after = _shared(old, new)
    return tuple(_excerpt(text, before, after, width, ellipsis) for text in (old, new))  # type: ignore[return-value]


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _shared(old: str, new: str) -> tuple[int, int]:
    """How many characters both begin and end with, up to where a word begins and ends."""
    most = min(len(old), len(new))
    before = next((at for at in range(most) if old[at] != new[at]), most)
    while before and _is_within(old, new, before):
        before -= 1
    most -= before
    after = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    while after and _is_within(old, new, -after):
        after -= 1
    return before, after


def _is_within(old: str, new: str, place: int) -> bool:
    """Whether a place lies inside a word of either text."""
    return any((text[place - 1 : place] + text[place:][:1]).isalnum() and place % len(text) > 0 for text in (old, new))


def _excerpt(text: str, before: int, after: int, width: int, ellipsis: str) -> list[Piece]:
    if not text:
        return [Piece(set_cell_size(EMPTY, width).rstrip() if width < len(EMPTY) else EMPTY, True)]
    end = len(text) - after
    head, middle, tail = text[:before], text[before:end], text[end:]
    room = width - cell_len(middle)
    if room < cell_len(head) and room <= cell_len(ellipsis):
        lead = head if cell_len(head) <= width // 3 else ellipsis if width > cell_len(ellipsis) else ""
        begun = Piece(_head(middle, width - cell_len(lead), ellipsis), True)
        return [Piece(lead, False), begun] if lead else [begun]
    share = max(room - cell_len(tail), room // 2)  # what one side does not need, the other one has
    head = _tail(head, share, ellipsis)
    tail = _head(tail, room - cell_len(head), ellipsis)
    return [piece for piece in (Piece(head, False), Piece(middle, True), Piece(tail, False)) if piece.text]


def _head(text: str, width: int, ellipsis: str) -> str:
    """The beginning of `text`."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - cell_len(ellipsis)).rstrip() + ellipsis if width >= cell_len(ellipsis) else ""


def _tail(text: str, width: int, ellipsis: str) -> str:
    """The end of `text`."""
    if cell_len(text) <= width:
        return text
    kept = text[-width:] if width else ""
    while kept and cell_len(kept) > width - cell_len(ellipsis):
        kept = kept[1:]
    return ellipsis + kept if width >= cell_len(ellipsis) else ""
