"""From a file to the lines of each card: encodings, line ends, folding, and where one card ends and the next begins.

Everything here forgives: what RFC 6350, RFC 2426 and vCard 2.1 forbid is common in exports. Files are read as a
stream, once to see what they hold and once for their cards, so that their size does not matter.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coterie.core.errors import UnreadableFile
from coterie.core.limits import ROW

_BLOCK: Final = 1 << 20
_OVERLAP: Final = 200
_BYTES_KEPT: Final = "utf-8"  # decoded so that bytes that are no UTF-8 wait, as surrogates, for their CHARSET
# A VLIST is SOGo's own card for a list of people.
_MARK: Final = re.compile(r"\ufeff?(BEGIN|END)\s*:\s*V(?:CARD|(LIST))\s*", re.IGNORECASE)
_END_AND_BEGIN: Final = re.compile(r"\ufeff?(END\s*:\s*VCARD)\s*(BEGIN\s*:\s*VCARD\s*)", re.IGNORECASE)
_ANY_MARK: Final = re.compile(r"(?:^|[\r\n:\ufeff])(?:begin|end)\s*:\s*v(?:card|list)")
_AGENT: Final = re.compile(r"AGENT[^:]*:\s*(BEGIN\s*:\s*VCARD)?\s*", re.IGNORECASE)
_GROUP: Final = re.compile(r"kind[^:\r\n]*:\s*group|begin\s*:\s*vlist|x-evolution-list\s*:\s*true")
_GROUP_SIGNS: Final = ("kind", "vlist", "evolution-list")
_ESCAPED_COMMA: Final = re.compile(r"categories[^\r\n]*\\,\S", re.IGNORECASE)
# A carriage return that stands alone ends a line only if something that looks like a property or a fold follows.
_LONE_CR: Final = re.compile(r"\r(?=[ \t]|(?:[\w-]+\.)?(?:[A-Za-z][\w-]*|[Xx]-[\w/-]+)[:;])")
_PROPERTY: Final = re.compile(r"\s*(?:[\w-]+\.)?(?:[A-Za-z][\w-]*|[Xx]-[\w/-]+)\s*[:;]")
# What a quoted-printable value is cut off before: its soft break was one too many.
_NEXT_PROPERTY: Final = re.compile(
    r"(?:item\d+\.)?(?:ADR|BDAY|CATEGORIES|EMAIL|FN|N|NOTE|ORG|REV|ROLE|TEL|TITLE|UID|URL|VERSION)[;:]"
)
_SOFT_BREAK_FROM: Final = 60  # the length from which a line is broken; real ones are 76 long
_ENCODED_BREAK: Final = re.compile(r"=0[AD]=", re.IGNORECASE)
_INSIDE_CHARACTER: Final = re.compile(r"[ \t]=[89AB][0-9A-F]", re.IGNORECASE)  # no UTF-8 character begins like that
_QUOTED_PRINTABLE: Final = re.compile(r"[^:]*[;=]\s*QUOTED-PRINTABLE\s*[;:]", re.IGNORECASE)
_FIRST_OF_MARK: Final = frozenset("bBeE\ufeff")
_FIRST_OF_AGENT: Final = frozenset("aA")
_MANY_LINES: Final = 2_000


@dataclass(slots=True)
class Card:
    """One card as it stands in the file.

    Attributes:
        row: the number of its first line, counted from 1.
        lines: the physical lines between BEGIN and END.
        agents: cards nested in it (AGENT): other people, who are not this contact.
        begun: False for lines that end in END:VCARD without ever having begun.
        is_list: a VLIST, which stands for a group.
        expects_agent: the last line is an AGENT whose card must follow.
        size: how many characters its lines have; those beyond `core.limits.ROW` are not kept.
    """

    row: int
    lines: list[str] = field(default_factory=list)
    agents: list[Card] = field(default_factory=list)
    begun: bool = True
    is_list: bool = False
    expects_agent: bool = False
    size: int = 0

    def add(self, line: str) -> bool:
        """Take one more line in; True if the line begins a nested card."""
        self.size += len(line)
        if self.size > ROW:
            return False
        self.lines.append(line)
        if line[:1] in _FIRST_OF_AGENT and (agent := _AGENT.fullmatch(line)):
            self.expects_agent = True
            return agent[1] is not None
        if line:
            self.expects_agent = False
        return False

    @property
    def text(self) -> str:
        """The card as text, for a list of what was rejected."""
        kind = "VLIST" if self.is_list else "VCARD"
        begin = [f"BEGIN:{kind}"] if self.begun else []
        lines = "\n".join([*begin, *self.lines, f"END:{kind}"])
        return lines.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Source:
    """A file of cards, opened and looked through.

    Args:
        source: a path, or the bytes themselves.
        encoding: what to decode with; None recognizes UTF-8, UTF-16 and, for lines that are neither, the likeliest
            of the old ones (a CHARSET parameter goes first).

    Attributes:
        has_groups: whether there are cards that stand for groups.
        has_escaped_commas: whether there are names of groups with a comma and no blank behind it.
        fallback: the encoding for lines that are not valid UTF-8.

    Raises:
        UnreadableFile: it cannot be opened, is empty or holds no vCard, or there is no such encoding.
    """

    def __init__(self, source: Path | bytes, encoding: str | None = None) -> None:
        # Imported here because cards are also written, by commands that start fast and read no file.
        from coterie.core.transfer.csv.encoding import known_encoding, open_bytes, recognize_encoding

        self._open = open_bytes
        if isinstance(source, Path) and source.exists() and not (source.is_file() or source.is_dir()):
            with open_bytes(source) as pipe:
                source = pipe.read()  # a pipe can be read only once
        self._source = source
        self.has_groups = self.has_escaped_commas = False
        self.fallback = "cp1252"
        if encoding is not None:
            self._encoding = known_encoding(encoding)
        else:
            self._encoding = recognize_encoding(source)[0]
            if not self._encoding.startswith("utf"):
                self.fallback = self._encoding
                self._encoding = _BYTES_KEPT
            elif self._encoding == "utf-8-sig":
                self._encoding = _BYTES_KEPT
        self._mac = False
        self._look_through()

    def cards(self) -> Iterator[Card]:
        """The cards, in the order in which they begin (nearly: a card that never ends comes after the next one)."""
        return split_cards(_lines(self._blocks(), mac=self._mac))

    def _blocks(self) -> Iterator[str]:
        errors = "surrogateescape" if self._encoding == _BYTES_KEPT else "replace"
        with io.TextIOWrapper(self._open(self._source), encoding=self._encoding, errors=errors, newline="") as file:
            while block := file.read(_BLOCK):
                yield block

    def _look_through(self) -> None:
        """Find out, in one quick pass, what the second pass must know."""
        seen_card = seen_line_feed = seen_text = False
        tail = ""
        for block in self._blocks():
            lowered = (tail + block).lower()
            seen_text = seen_text or not block.isspace()
            seen_card = seen_card or ("vcard" in lowered and _ANY_MARK.search(lowered) is not None)
            seen_line_feed = seen_line_feed or "\n" in block
            self.has_groups = self.has_groups or (
                any(sign in lowered for sign in _GROUP_SIGNS) and _GROUP.search(lowered) is not None
            )
            self.has_escaped_commas = self.has_escaped_commas or (
                "\\," in lowered and _ESCAPED_COMMA.search(lowered) is not None
            )
            tail = block[-_OVERLAP:]
        if not seen_text:
            raise UnreadableFile("The file is empty.", "Choose a file with contacts.")
        if not seen_card:
            raise UnreadableFile("There is no vCard in the file.", "A vCard file has lines that say BEGIN:VCARD.")
        self._mac = not seen_line_feed


def _lines(blocks: Iterable[str], *, mac: bool) -> Iterator[str]:
    """The lines without their ends: LF, CRLF, CR CR LF; CR if `mac` says that nothing else ends a line."""
    parts: list[str] = []  # the beginning of a line that has not ended yet
    size = 0
    for block in blocks:
        block = block.replace("\r", "\n") if mac else block  # noqa: PLW2901 - the block as it was meant
        end = block.rfind("\n") + 1
        if not end:
            if size <= ROW:  # more of a line only tells that its card is too large
                parts.append(block)
                size += len(block)
            continue
        text = "".join([*parts, block[:end]])
        parts, size = [block[end:]], len(block) - end
        if "\r" in text:
            text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
            if "\r" in text:
                text = _LONE_CR.sub("\n", text)
        lines = text.split("\n")
        lines.pop()
        yield from lines
    yield from _LONE_CR.sub("\n", "".join(parts)).rstrip("\r").split("\n")


def split_cards(lines: Iterable[str]) -> Iterator[Card]:
    """The cards among `lines`, nested ones and those without BEGIN or END too; text around them is passed over."""
    open_cards: list[Card] = []  # the innermost last; more than one if an END is missing or a card is nested
    stray = Card(1, begun=False)
    closed_inner = False  # a nested card has just ended: does the outer one go on?
    for row, line in _marks_apart(lines):
        if line[:1] not in _FIRST_OF_MARK or not (mark := _MARK.fullmatch(line)):
            if open_cards:
                inline_agent = open_cards[-1].add(line)
                closed_inner = closed_inner and not line
                if inline_agent:
                    open_cards.append(Card(row))
            elif len(stray.lines) < _MANY_LINES and (line or stray.lines):
                stray.row = stray.row if stray.lines else row
                stray.lines.append(line)
        elif mark[1][0] in "bB":
            stray = Card(row, begun=False)
            if open_cards and not open_cards[-1].expects_agent and (closed_inner or len(open_cards) > 1):
                yield open_cards.pop()  # it has no END of its own
            closed_inner = False
            open_cards.append(Card(row, is_list=mark[2] is not None))
        elif open_cards:
            card = open_cards.pop()
            if open_cards and open_cards[-1].expects_agent:
                open_cards[-1].agents.append(card)
                open_cards[-1].expects_agent = False
            else:
                yield card
                closed_inner = bool(open_cards)
        else:
            if any(_PROPERTY.match(line) for line in stray.lines):
                yield stray
            stray = Card(row, begun=False)
    yield from reversed(open_cards)


def lines_of(text: str) -> list[str] | None:
    """The physical lines of the card in a text; None if there is none."""
    for card in split_cards(text.replace("\r\n", "\n").split("\n")):
        if card.begun:
            return card.lines
    return None


def _marks_apart(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines and their numbers from 1; an END and the next BEGIN in one line are taken for two."""
    for row, line in enumerate(lines, 1):
        if line[:1] in _FIRST_OF_MARK and (both := _END_AND_BEGIN.fullmatch(line)):
            yield row, both[1]
            yield row, both[2]
        else:
            yield row, line


def unfold(lines: Iterable[str]) -> list[str]:
    """The logical lines: folds undone, quoted-printable soft breaks joined, comments and blank lines left out.

    A line that is neither a property nor a fold continues the one before it, after a line end: exports exist that
    break notes and pictures so.
    """
    return [line for line, _ in unfold_placed(lines)]


def unfold_placed(lines: Iterable[str]) -> list[tuple[str, int]]:
    """As `unfold`, each logical line with the index of its first physical line."""
    folded: list[list[str]] = []  # the physical lines of each line, and what continues it
    places: list[int] = []
    softly: list[tuple[list[str], int]] = []  # the places of what follows a soft break
    quoted_printable = soft = False
    for place, line in enumerate(lines):
        if soft and _NEXT_PROPERTY.match(line) and _is_cut_off(folded[-1][-1]):
            soft = False
        if not line:
            soft = False
        elif soft:
            parts = folded[-1]
            parts[-1] = parts[-1][:-1]
            softly.append((parts, len(parts)))
            parts.append(line)
            soft = line[-1] == "="
        elif line[0] in " \t":
            if folded:
                folded[-1].append(line[1:])
                soft = quoted_printable and line[-1] == "="
        elif line[0] != "#":
            folded.append([line])
            places.append(place)
            quoted_printable = line[-1] == "=" and _QUOTED_PRINTABLE.match(line) is not None
            soft = quoted_printable
    _undo_indents(softly)
    logical: list[list[str]] = []
    starts: list[int] = []
    for parts, place in zip(folded, places, strict=True):
        if len(parts) > 1:
            parts = ["".join(parts)]  # noqa: PLW2901 - the line as it was meant
        if logical and not _PROPERTY.match(parts[0]):
            logical[-1] += "\n", parts[0]
        else:
            logical.append(parts)
            starts.append(place)
    joined = [parts[0] if len(parts) == 1 else "".join(parts) for parts in logical]
    return list(zip(joined, starts, strict=True))


def _is_cut_off(line: str) -> bool:
    """Whether the soft break at the end of a line stands where nothing had to be broken."""
    return len(line) < _SOFT_BREAK_FROM and _ENCODED_BREAK.fullmatch(line[-4:]) is None


def _undo_indents(softly: list[tuple[list[str], int]]) -> None:
    """Take off the blank with which some programs indent, as a fold, what follows a soft break.

    It is one if all such lines of a card begin with a blank, and there are several or it would split a character.
    """
    lines = [parts[place] for parts, place in softly]
    if all(line[0] in " \t" for line in lines) and (len(lines) > 1 or any(map(_INSIDE_CHARACTER.match, lines))):
        for parts, place in softly:
            parts[place] = parts[place][1:]
