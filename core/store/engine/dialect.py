"""What the two databases call differently: one object each, which `Connection.dialect` gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar

Bind = Callable[[object], str]
"""Makes a value a parameter of the statement that is being written; its name in SQL."""


class Dialect(ABC):
    """The words of one database, and what is quick there.

    Columns and conditions are SQL of our own. What was typed is a parameter: it comes as its name, or goes through
    `Bind`.
    """

    # Texts ----------------------------------------------------------------------------------------------------------

    line_end: ClassVar[str]
    """A line feed."""
    folds_exactly: ClassVar[bool]
    """Whether `fold` and `fold_line` of SQL make just what `core.text` makes, so that statements can store it."""

    @abstractmethod
    def fold(self, text: str) -> str:
        """`core.text.fold` of a text."""

    @abstractmethod
    def contains(self, text: str, part: str) -> str:
        """Whether one text stands in the other."""

    @abstractmethod
    def regex(self, text: str, pattern: str) -> str:
        """Whether a regular expression is found, ignoring case."""

    @abstractmethod
    def by_code_point(self, text: str) -> str:
        """A text that is compared by its letters' numbers."""

    @abstractmethod
    def last(self, text: str, count: int) -> str:
        """The last letters of a text; all of a shorter one."""

    @abstractmethod
    def joined(self, column: str) -> str:
        """The values of a column, of all rows of a group, in lines."""

    # JSON -----------------------------------------------------------------------------------------------------------

    uid: ClassVar[str]
    """A contact's UID as `core.identity.uid_key` makes it: what the index `contact_uid` holds."""
    json_texts: ClassVar[Mapping[str, tuple[str, str]]]
    """Of each field of JSON of a contact `c`: what to select from, up to the condition, and the text to look at."""

    @abstractmethod
    def kept_texts(self, key: str) -> tuple[str, str]:
        """The same for a field of `core.fields.values.KEPT`, whose values are kept among the custom fields."""

    # Ids ------------------------------------------------------------------------------------------------------------

    @abstractmethod
    def ids(self, name: str) -> str:
        """The SELECT of many ids that come as one parameter, as `id_values` makes it."""

    @abstractmethod
    def id_values(self, ids: Collection[int]) -> object:
        """The value of that parameter."""

    @abstractmethod
    def digit_at(self, digits: str, place: str) -> str:
        """Whether the digit at a place, counted from 0, of bytes of `0` and `1` is a `1`."""

    # The index of texts ---------------------------------------------------------------------------------------------

    shortest: ClassVar[int]
    """Shorter words cannot be looked up in the index of texts."""
    looks_first: ClassVar[bool]
    """Whether a look into the index of texts costs so little that it comes first, whatever else a search asks."""
    has_terms: ClassVar[bool]
    """Whether the index of texts tells which trigrams it holds, see `core.store.lists.letter_pairs`."""

    @abstractmethod
    def word(self, text: str, numbers: Sequence[str], bind: Bind) -> str:
        """An expression of the index: a word in any column, or one of `numbers` in that of phone numbers."""

    @abstractmethod
    def words(self, columns: Sequence[str], texts: Sequence[str], bind: Bind) -> str:
        """An expression of the index: one of `texts` in one of these columns of `search`."""

    @abstractmethod
    def any_word(self, texts: Sequence[str], bind: Bind) -> str:
        """An expression of the index: any of these texts in any column."""

    @abstractmethod
    def but_not(self, wanted: str, refused: str) -> str:
        """An expression of the index that finds the one without the other."""

    @abstractmethod
    def lookup(self, expression: str, bind: Bind) -> str:
        """The SELECT of the contact ids that an expression of the index finds."""

    def forgetting(self, columns: Sequence[str], where: str) -> str:
        """The statement that tells the index of texts what is about to leave `search`; empty if it sees that itself."""
        return ""

    def learning(self, columns: Sequence[str], where: str) -> str:
        """The statement that tells it what has come into `search`."""
        return ""

    def relearning(self, texts: Mapping[str, str], columns: Sequence[str], where: str) -> str:
        """The statement that tells it what `search` will say: `texts`, SQL by the columns of those that change."""
        return ""

    def merging(self, segments: int) -> str:
        """The statement that says how eagerly it merges its segments while it grows; 0 is not at all."""
        return ""

    def squeezing(self) -> str:
        """The statement that leaves nothing in it of what was removed."""
        return ""

    # Lists ----------------------------------------------------------------------------------------------------------

    favorites: ClassVar[str]
    """The table of contacts `c`, of which the few favorites are wanted."""
    sorts_values_alone: ClassVar[bool]
    """Whether the different values of a column are quicker to sort than a list by that column and then by name."""

    def indexes_of(self, tables: Collection[str]) -> str:
        """The SELECT of (name, SQL) of indexes that many new rows may set aside; empty if that keeps readers out."""
        return ""
