"""Setting what is no field of its own: a part of the postal addresses, or one custom field."""

from __future__ import annotations

import re

from coterie.core.bulk.action import BulkAction
from coterie.core.bulk.clear_field import ClearField
from coterie.core.bulk.replace_text import ReplaceText
from coterie.core.bulk.set_field import SetField
from coterie.core.bulk.transform import TransformField
from coterie.core.fields import NAMED
from coterie.core.transform.targets import Target, find_target


def setting(name: str, value: str) -> BulkAction:
    """What sets `company`, `city` or `custom.Shoe size`. Raises InvalidValue."""
    target = _part(name)
    return SetField(name, value) if target is None else TransformField(f"{target.name} = {_quoted(value)}")


def clearing(name: str) -> BulkAction:
    """What clears one of these. Raises InvalidValue."""
    target = _part(name)
    return ClearField(name) if target is None else TransformField(f'{target.name} = ""')


def replacing(name: str, pattern: str, new: str) -> BulkAction:
    """What replaces each match of a regular expression in one of these. Raises InvalidValue."""
    target = _part(name)
    if target is None:
        return ReplaceText(name, pattern, new)
    pieces = " + ".join(map(_as_written, new.replace("{", "{\0").split("\0")))  # a brace alone stands for itself
    return TransformField(f"{target.name} = replace({target.name}, {_as_written(pattern)}, {pieces})")


def _part(name: str) -> Target | None:
    """The part or custom field of that name; None if it is a field, or nothing."""
    key, _, heading = name.strip().partition(".")
    if key.casefold().replace("-", "_").replace(" ", "_") in NAMED and key.casefold() != "custom":
        return None
    target = find_target(key.replace(" ", "_"), heading)
    return target if target and target.part else None


def _as_written(text: str) -> str:
    """A regular expression, or what takes its place, in quotation marks."""
    escaped = re.sub(r'(\\.)|"', lambda match: match[1] or '\\"', text, flags=re.DOTALL)
    return f'"{escaped}"'


def _quoted(text: str) -> str:
    """A text as a transform has it in quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "\\{").replace("\n", "\\n")
    return f'"{escaped}"'
