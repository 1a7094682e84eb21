"""Where the command `coterie` begins: ctrl+c ends it without a word before it can say one, too."""

from __future__ import annotations

import signal


def main() -> None:
    """Load the program and run it. While it is loaded, Python would answer ctrl+c with a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # and not ignored, as for `coterie sync &`
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from coterie.tui.__main__ import main as run

    run()
