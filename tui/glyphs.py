"""The signs on the screen: one set for terminals that show Unicode, and its twin in ASCII.

Every sign is one cell wide (a check box in ASCII takes three), so that no layout depends on how a terminal draws emoji.
Nothing is said by color alone: a check, a star and the cursor each have a sign.
"""

from __future__ import annotations

import codecs
import locale
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs of one set.

    Attributes:
        cursor: before the row under the cursor.
        checked, unchecked, ranged: a check box; `ranged` is what the range that is being marked would check.
        star, no_star: a favorite, and what is none.
        ellipsis: where a text is cut.
        ascending, descending: beside the heading of the column that a list is ordered by.
        left, right: where there are more columns than are seen.
        thumb, track: the scroll bar.
        rule: a horizontal line.
        all_contacts, favorites, groups, bin, search, sync: the entries of the sidebar.
        group: before the name of a group, in its color.
        new, more: the buttons New contact and More actions.
        dot: between the parts of one line.
        becomes: between what a value was and what it is.
    """

    cursor: str
    checked: str
    unchecked: str
    ranged: str
    star: str
    no_star: str
    ellipsis: str
    ascending: str
    descending: str
    left: str
    right: str
    thumb: str
    track: str
    rule: str
    all_contacts: str
    favorites: str
    groups: str
    group: str
    bin: str
    search: str
    sync: str
    new: str
    more: str
    dot: str
    becomes: str


UNICODE: Final = Glyphs(
    cursor="›",
    checked="☑",
    unchecked="☐",
    ranged="▣",
    star="★",
    no_star="☆",
    ellipsis="…",
    ascending="▲",
    descending="▼",
    left="‹",
    right="›",
    thumb="┃",
    track="│",
    rule="─",
    all_contacts="●",
    favorites="★",
    groups="◆",
    group="▪",
    bin="⌫",
    search="⌕",
    sync="↻",
    new="+",
    more="⋮",
    dot="·",
    becomes="→",
)

ASCII: Final = Glyphs(
    cursor=">",
    checked="[x]",
    unchecked="[ ]",
    ranged="[-]",
    star="*",
    no_star=".",
    ellipsis="~",
    ascending="^",
    descending="v",
    left="<",
    right=">",
    thumb="#",
    track="|",
    rule="-",
    all_contacts="o",
    favorites="*",
    groups="#",
    group="-",
    bin="x",
    search="/",
    sync="@",
    new="+",
    more=":",
    dot="-",
    becomes="->",
)


PLAIN_TERMINALS: Final = frozenset({"linux", "dumb", "vt100", "vt220", "ansi"})
"""Values of TERM whose fonts have few signs beyond ASCII, whatever the locale says."""


def choose_glyphs(ascii_only: bool | None = None, encoding: str | None = None, term: str | None = None) -> Glyphs:
    """The set for this terminal.

    Args:
        ascii_only: the setting `ascii`; None if the user did not say.
        encoding: what the terminal shows; the locale's encoding if None.
        term: the kind of terminal; the environment's TERM if None.
    """
    if ascii_only is None:
        if (os.environ.get("TERM", "") if term is None else term) in PLAIN_TERMINALS:
            return ASCII
        try:
            name = codecs.lookup(encoding or locale.getpreferredencoding(False)).name
        except LookupError:
            name = "ascii"
        ascii_only = not name.startswith("utf")
    return ASCII if ascii_only else UNICODE


def glyphs_on(app: App[Any]) -> Glyphs:
    """The set that this app draws with."""
    return ASCII if app.has_class("-ascii") else UNICODE


_SIGNS: Final = str.maketrans("“”„‘’‚…←→↑↓‹›·•–—−×─━│┃╭╮╰╯■", "\"\"\"'''~<>^v<>-*---x--||++++#")
"""Each takes one cell, and so does what stands for it."""


def in_ascii(text: str) -> str:
    """A text with its punctuation and lines in ASCII. Letters stay: nothing in ASCII can stand for those of a name."""
    return text.translate(_SIGNS)


_ARROWS: Final = {"←": "left", "→": "right", "↑": "up", "↓": "down"}


def keys_on(app: App[Any], text: str) -> str:
    """A text about keys as this app shows it: in ASCII the arrow keys are words."""
    if not text.isascii() and app.has_class("-ascii"):
        for arrow, word in _ARROWS.items():
            text = text.replace(arrow, word)
    return text
