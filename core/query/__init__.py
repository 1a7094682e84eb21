"""The search language of docs/interface.md: text -> tree. `core.store.search` turns the tree into SQL."""

from core.query.parser import parse, quote
from core.query.tree import EVERYTHING, Tree, describe, wants_bin

__all__ = ["EVERYTHING", "Tree", "describe", "parse", "quote", "wants_bin"]
