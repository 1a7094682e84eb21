"""Light output: knows what the terminal shows and sends only what differs, as curses does.

::

    output.py        DifferenceOutput: the mixin for the App; reads the frames that Textual composes
    driver.py        DifferenceDriver: Textual's driver with flow control, a quick escape key, an end for lost terminals
    screen.py        TerminalScreen: the wanted and the shown cells, and the way from these to those
    difference.py    the writing of runs: cursor moves, erasing, scrolling, the shortest SGR changes
    columns.py       sides of dialogs, scroll bars: what is written from top to bottom
    stops.py         tab stops for the time of a frame
    pens.py rows.py  styles and strips as cells
    flow.py          how much may be under way to a slow reader
    takeover.py      Takeover: the terminal before Textual is there, and how it comes to the driver
    capabilities.py  what the terminal is known to understand

`COTERIE_PLAIN_OUTPUT=1` turns all of it off.
"""

from __future__ import annotations

import os


def is_wanted() -> bool:
    """Whether light output can and may be used."""
    return os.name == "posix" and os.environ.get("COTERIE_PLAIN_OUTPUT", "") in {"", "0"}
