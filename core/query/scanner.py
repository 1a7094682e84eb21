"""The characters of a search text, for its parser: values, quotation marks and brackets, and what is unfinished."""

from __future__ import annotations

from coterie.core.errors import InvalidQuery
from coterie.core.query.tree import Tree


class Scanner:
    """Reads a search text from its beginning to its end.

    Attributes:
        finished: the text will not change any more, so that what is unfinished is an error.
        place: the number of the next character, from 0.
        depth: how many brackets of the query are open.
        closed: whether the quotation mark that was read last is closed.
    """

    def __init__(self, text: str, finished: bool) -> None:
        self.text = text
        self.finished = finished
        self.place = 0
        self.depth = 0
        self.closed = True

    def unfinished(self, title: str, place: int | None = None) -> Tree | None:
        """Nothing, while it is being typed. Raises InvalidQuery if the text is finished."""
        if self.finished:
            where = self.place if place is None else place
            hint = "Finish the search, or put quotation marks around it."
            raise InvalidQuery(f"{title} (character {where + 1}).", hint, (where, max(self.place, where + 1)))
        return None

    def skip_blanks(self) -> int:
        """Go on to the next character that is no blank; its number."""
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1
        return self.place

    def value(self, is_regex: bool = False) -> str:
        """The value at this place, in quotation marks or bare."""
        return self.quoted() if self.text.startswith('"', self.place) else self.bare(is_regex)

    def quoted(self) -> str:
        """What stands up to the closing quotation mark; a backslash keeps a quotation mark or a backslash."""
        start = self.place
        self.place += 1
        self.closed = True
        chars: list[str] = []
        while self.place < len(self.text):
            char = self.text[self.place]
            self.place += 1
            if char == '"':
                return "".join(chars)
            if char == "\\" and self.text[self.place : self.place + 1] in ('"', "\\"):
                char = self.text[self.place]
                self.place += 1
            chars.append(char)
        self.unfinished("This quotation mark is not closed", start)
        self.closed = False
        return "".join(chars)

    def bare(self, is_regex: bool = False) -> str:
        """What stands up to a blank or to a bracket that belongs to the query. Regexes keep their own brackets."""
        start = self.place
        opened = 0
        while self.place < len(self.text) and not (char := self.text[self.place]).isspace():
            if is_regex and char == "\\":
                self.place = min(self.place + 2, len(self.text))
                continue
            if char == "(":
                if not is_regex and self.place > start and not self.closes():
                    break
                opened += 1
            if char == ")":
                if not opened and (self.depth or not is_regex):
                    break
                opened -= 1
            self.place += 1
        return self.text[start : self.place]

    def closes(self) -> bool:
        """Whether the bracket at this place is closed within the same word."""
        opened = 0
        for char in self.text[self.place :]:
            if char.isspace():
                return False
            opened += (char == "(") - (char == ")")
            if not opened:
                return True
        return False
