"""The verbs in words, as docs/transform.md shows them."""

from __future__ import annotations

from coterie.core.transform.verbs import VERBS


def verbs_table() -> str:
    """The table of docs/transform.md: every verb, what it does, and an example."""
    rows = [
        f"| `{verb.usage}` | {_escaped(verb.help)} | `{_escaped(verb.example)}` |"
        for verb in sorted(VERBS.values(), key=lambda verb: verb.whole is not None)
    ]
    return "\n".join(["| verb | what it does | for example |", "|---|---|---|", *rows]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
