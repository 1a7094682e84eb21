"""The search language of docs/interface.md: text -> tree. `core.store.lists.search` turns the tree into SQL."""

from coterie.core.query.parser import narrowed, parse, quote
from coterie.core.query.tree import EVERYTHING, Tree, describe, wants_bin

__all__ = ["EVERYTHING", "Tree", "describe", "narrowed", "parse", "quote", "wants_bin"]
