"""The attributes of a contact by what they hold, derived from FIELDS."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from coterie.core.fields import FIELDS, NOTED
from coterie.core.fields.kinds import Line
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.model import Contact

ATTRIBUTES: Final = tuple(attribute.name for attribute in fields(Contact) if attribute.name in FIELDS.keys() - NOTED)
"""What a contact says: its attributes but for those that the book itself notes."""
TEXT_FIELDS: Final = tuple(name for name in ATTRIBUTES if isinstance(FIELDS[name].kind, Line))
"""Those of one text, of one line or of several."""
ONE_LINE: Final = tuple(
    name for name in ATTRIBUTES if isinstance(FIELDS[name].kind, Line) and not FIELDS[name].kind.lines
)
"""Those of one line of text."""
PLAIN: Final = tuple(name for name in ONE_LINE if name not in {"name", *NAME_PARTS})
"""Those of one line on which no other attribute depends."""
