"""Names in capitals or in small letters: ADA KING, ada king."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.cleanup.people import is_person, is_suffix
from coterie.core.model import Contact
from coterie.core.transform.casing import titled

# Latin, Greek, Cyrillic and Armenian letters, and what stands between the words of a name.
_NAME: Final = re.compile(r"[A-Za-z\u00aa-\u024f\u0300-\u058f\u1e00-\u1fff '’.\-]+")
_VOWEL: Final = re.compile(r"[AEIOUYÀ-ÖØ-ÝĀ-ſΑ-Ωά-ώА-я]", re.IGNORECASE)
_PARTS: Final = ("name", "given_name", "additional_names", "family_name")
_WORDS: Final = 2


class NameCase(Kind):
    """A whole name is meant: `IBM` and `bell@example.org` are no names of two words, and `Ada KING` is French."""

    id: ClassVar[str] = "name-case"
    title: ClassVar[str] = "Names in capitals or in small letters"
    about: ClassVar[str] = "Capitals stand at the beginnings of words: Ada King, Ian McDonald, Jan van der Berg."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The name and its parts, with capitals at the beginnings of words."""
        name = contact.name
        if not (name.isupper() or name.islower()) or not _NAME.fullmatch(name) or not is_person(contact):
            return None
        words = [word for word in re.split(r"[ \-]", name) if len(word.strip(".'’")) > 1 and not is_suffix(word)]
        if len(words) < _WORDS or not all(map(_VOWEL.search, words)):
            return None  # an abbreviation, a word, a company
        same = str.isupper if name.isupper() else str.islower
        values: dict[str, Any] = {
            part: titled(text, part) for part in _PARTS if (text := getattr(contact, part)) and same(text)
        }
        reason = "in capitals" if name.isupper() else "in small letters"
        return change(contact, replace(contact, **values), "name", reason)
