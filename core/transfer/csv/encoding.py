"""Which encoding a file is in, and its text, whatever single bytes in it are wrong.

Unicode is recognized by its byte order mark, by zero bytes or by being valid UTF-8. Everything else is guessed by what
the text would be: an encoding fits if the letters outside ASCII that it yields belong to one language.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Final

from coterie.core.errors import NoSuchFile, UnreadableFile
from coterie.core.files import open_to_read, reason

CHOOSE: Final = "Choose a CSV, vCard, LDIF, JSON, .xlsx or .ods file."
_CHUNK: Final = 1 << 20
# How much of the lines that are not ASCII is looked at; plenty for a guess.
_EVIDENCE: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The letters outside ASCII of languages, by the encodings that files in them have, the likelier first.
_ALPHABETS: Final[dict[str, tuple[str, ...]]] = {
    "cp1252": (
        "äöüß§€–“„’´°", "éèêëàâçùûüîïôœæÿ«»’€°", "áéíóúñü¿¡ºª’", "ãõáâàçéêíóôúºª", "àèéìíòóù’°", "åäöéü", "æøåéöä",
        "áðéíóúýþæö", "éëïöüóáèĳ’", "àáéèíïòóúüç·",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžäĺľôŕ", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžäĺľôŕ", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1251": (
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя№",
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "абвгдђежзијклљмнњопрстћуфхцчџш",
    ),
    "koi8_r": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
    "cp1254": ("çğıöşüâî",),
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    "cp1256": ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "cp874": ("".join(chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))),),
    "mac_roman": ("äöüß", "éèêëàâçùûüîïôœ", "áéíóúñü", "ãõáâàçéêíóôú", "åäöæø"),
    "cp437": ("äöüß", "éèêëàâçùûüîïô", "áéíóúñü", "åäö"),
}  # fmt: skip
_CASED: Final = frozenset({"cp1251", "koi8_r", "cp1253"})
# Windows-1252 wins if others are hardly better; encodings so close to the best are tried on the headings.
_USUAL: Final = 0.05
_CLOSE: Final = 0.4
_TRIED: Final = 5
# The two-byte encodings with an encoding that holds only the frequent characters of their language.
_WIDE: Final = (
    ("cp932", "shift_jis"),
    ("euc_jp", "euc_jp"),
    ("cp949", "euc_kr"),  # before the next one, whose frequent characters include all of its own
    ("gb18030", "gb2312"),
    ("big5", "big5"),
)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that is no UTF-8 as Windows-1252: such files are UTF-8 with a pasted line of the other."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error("coterie-windows", _as_windows)


class _Portions(io.BufferedReader):
    """A file that is read a megabyte at a time, however little `io.TextIOWrapper` asks for.

    Each read releases Python's lock for a moment. If that happens more often than every 5 ms, the other threads - the
    screen's, the database's - start to wait anew each time, and never get the lock.
    """

    def __init__(self, file: io.RawIOBase) -> None:
        super().__init__(file, _CHUNK)

    def read1(self, size: int = -1, /) -> bytes:
        """What is there, `size` bytes at most."""
        self.peek(1)
        return super().read1(size)


def open_bytes(source: Path | bytes) -> IO[bytes]:
    """`source` opened for reading.

    Raises UnreadableFile if it is missing, a folder, not allowed, or a file of the open book.
    """
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return _Portions(open_to_read(source))
    except IsADirectoryError as error:
        raise NoSuchFile(f"{source} is a folder.", "Choose a file in it.") from error
    except OSError as error:
        raise NoSuchFile(f"{source} cannot be read: {reason(error)}.", "Check the path.") from error


def open_text(source: Path | bytes, encoding: str) -> IO[str]:
    """`source` as text with its own line ends. Bytes that are wrong in `encoding` never stop it."""
    errors = "coterie-windows" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(open_bytes(source), encoding=encoding, errors=errors, newline="")


def known_encoding(name: str) -> str:
    """`name` as Python calls the encoding; UTF-8 is read with or without its mark. Raises UnreadableFile."""
    try:
        encoding = codecs.lookup(name.strip()).name
    except LookupError:
        raise UnreadableFile(f"There is no encoding “{name}”.", "Use a name such as utf-8 or windows-1252.") from None
    return "utf-8-sig" if encoding == "utf-8" else encoding


def recognize_encoding(source: Path | bytes) -> list[str]:
    """The encodings that `source` may be in, the likeliest first. Raises UnreadableFile for what is no text at all."""
    with open_bytes(source) as stream:
        try:
            head = stream.read(_CHUNK)
            for mark, encoding in _MARKS:
                if head.startswith(mark):
                    return [encoding]
            if b"\0" in head and (wide := _without_mark(head)):
                return [wide]
            if _is_binary(head):
                raise UnreadableFile("This is not text, nor a file of contacts that Coterie knows.", CHOOSE)
            valid, strays, evidence = _look_through(head, stream)
        except OSError as error:
            raise UnreadableFile(f"{source!s} cannot be read: {reason(error)}.") from error
    if strays == 0 or valid > strays:
        return ["utf-8-sig"]
    return _best(evidence)


def _without_mark(head: bytes) -> str:
    """UTF-16 without a mark, told by where the zero bytes of its ASCII characters stand."""
    sample = head[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 4 * even and odd * 16 > len(sample):
        return "utf-16-le"
    if even > 4 * odd and even * 16 > len(sample):
        return "utf-16-be"
    return ""


def _is_binary(head: bytes) -> bool:
    sample = head[:8192]
    controls = sum(sample.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    # Zero bytes pad the cells of some programs; of the other controls even noise has one byte in ten only.
    return controls * 25 > len(sample) or sample.count(0) * 10 > len(sample)


def _look_through(head: bytes, stream: IO[bytes]) -> tuple[int, int, bytes]:
    """How many characters are valid UTF-8 outside ASCII, how many bytes are not, and the lines that are not ASCII."""
    valid = strays = 0
    evidence: list[bytes] = []
    kept = 0
    tail = b""
    for chunk in _chunks(head, stream):
        if chunk.isascii() and not tail:
            continue
        cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
        block, tail = (tail + chunk[:cut], chunk[cut:]) if cut else (tail + chunk, b"")
        counted = _count(block)
        valid, strays = valid + counted[0], strays + counted[1]
        if kept < _EVIDENCE and counted[1]:
            for line in block.splitlines():
                if kept < _EVIDENCE and not line.isascii():
                    evidence.append(line)
                    kept += len(line)
    counted = _count(tail)
    if counted[1]:
        evidence.append(tail)
    return valid + counted[0], strays + counted[1], b"\n".join(evidence)[: 4 * _EVIDENCE]


def _chunks(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    while head:
        yield head
        head = stream.read(_CHUNK)


def _count(block: bytes) -> tuple[int, int]:
    """How many characters outside ASCII are valid UTF-8, and how many bytes are not."""
    if block.isascii():
        return 0, 0
    try:
        return _outside_ascii(block.decode("utf-8")), 0
    except UnicodeDecodeError:
        text = block.decode("utf-8", errors="ignore")
        strays = len(block) - len(text.encode("utf-8"))
        return _outside_ascii(text), strays


def _outside_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _best(evidence: bytes) -> list[str]:
    """The encodings in which `evidence` reads most like one language; Windows-1252 if none does better."""
    scores = {encoding: _fits(evidence, encoding, alphabets) for encoding, alphabets in _ALPHABETS.items()}
    scores |= {wide: _fits_wide(evidence, wide, frequent) for wide, frequent in _WIDE}
    scores["cp1252"] += _USUAL
    best = max(scores.values())
    likely = sorted(scores, key=lambda encoding: -scores[encoding])
    return [encoding for encoding in likely if scores[encoding] > best - _CLOSE][:_TRIED]


def _fits(evidence: bytes, encoding: str, alphabets: tuple[str, ...]) -> float:
    """How large a share of the letters outside ASCII belongs to one language, less what no writer would write."""
    text = evidence.decode(encoding, errors="replace")
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 0.0
    share = max(sum(char.lower() in alphabet for char in foreign) for alphabet in alphabets) / len(foreign)
    pairs = list(pairwise(text))
    odd = sum(1 for left, right in pairs if left.islower() and right.isupper() and (left > "\x7f" or right > "\x7f"))
    mixed = sum(1 for left, right in pairs if _in_word(left) and _in_word(right) and _script(left) != _script(right))
    # Names have capitals and small letters if their script has them; without them, Hebrew is likelier.
    mixed_case = any(map(str.isupper, foreign)) and any(map(str.islower, foreign))
    bare = _USUAL if encoding in _CASED and not mixed_case else 0.0
    return share - (odd + mixed) / len(foreign) - bare


def _fits_wide(evidence: bytes, encoding: str, frequent: str) -> float:
    """The same for two bytes a character: the share of frequent characters, less those that stand in a Latin word."""
    try:
        text = evidence.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 0.0
    good = sum(1 for char in foreign if _frequent(char, encoding, frequent)) / len(foreign)
    mixed = sum(
        1
        for left, right in pairwise(text)
        if left.isalpha()
        and right.isalpha()
        and (left > "\x7f") != (right > "\x7f")
        and (left + right).lower() != left + right.upper()
    )
    # Files in EUC-JP are rare, and without kana they look like Korean or Chinese ones.
    rare = 0.1 if encoding == "euc_jp" and not any("\u3040" <= char <= "\u30ff" for char in foreign) else 0.0
    return good - 2 * mixed / len(foreign) + 0.06 - rare


def _frequent(char: str, encoding: str, frequent: str) -> bool:
    """Whether `char` stands in the first level of its language's character set, where the common characters are."""
    try:
        code = char.encode(frequent)
    except UnicodeEncodeError:
        return False
    if len(code) != 2:
        return encoding == "cp932" and "\uff61" <= char <= "\uff9f"
    lead = code[0]
    return {
        "cp932": 0x81 <= lead <= 0x97,
        "euc_jp": 0xA1 <= lead <= 0xCF,
        "gb18030": 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7,
        "cp949": 0xA1 <= lead <= 0xC8,
        "big5": 0xA1 <= lead <= 0xC6,
    }[encoding]


def _in_word(char: str) -> bool:
    """Whether `char` is part of a word: é of Latin-1 would be a tone mark in Thai, and ø a figure."""
    return char.isalpha() or (char > "\x7f" and unicodedata.category(char)[0] in "MN")


def _script(char: str) -> str:
    """The script of a letter, as the first word of its Unicode name says it."""
    return "LATIN" if char < "\x80" else unicodedata.name(char, "?").partition(" ")[0]
