"""Recipes: several transforms, one a line, in a file that people can read, keep and send to others.

::

    # Names and companies as people write them
    name = title(name)
    company = title(trim(company))
    on import

Lines that begin with # are comments. A recipe with the line `on import` is applied to every contact that is imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coterie.core.bulk.plan import carried_out
from coterie.core.bulk.transform import TransformField
from coterie.core.errors import InvalidInput, InvalidValue, NotFound, UnreadableFile
from coterie.core.files import private_folder, read_small, reason, replacing
from coterie.core.model import Contact
from coterie.core.text import number_of

ENDING: Final = ".recipe"
ON_IMPORT: Final = "on import"
_LONGEST_NAME: Final = 60
_LARGEST: Final = 100_000
"""Bytes of a recipe."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Transforms that are done one after the other.

    Attributes:
        name: what it is called; empty for one that is not saved.
        on_import: whether it is applied to every contact that is imported.
    """

    name: str
    steps: tuple[TransformField, ...]
    on_import: bool = False

    @property
    def text(self) -> str:
        """The lines of its file."""
        lines = [step.value for step in self.steps] + [ON_IMPORT] * self.on_import
        return "".join(f"{line}\n" for line in lines)


def parse_recipe(text: str, name: str = "") -> Recipe:
    """The recipe in a text. Raises InvalidInput, which names the line."""
    steps: list[TransformField] = []
    on_import = False
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if words.casefold() == ON_IMPORT:
            on_import = True
            continue
        try:
            steps.append(TransformField(words))
        except InvalidInput as problem:
            where = f"{name}, line {number}" if name else f"Line {number}"
            raise InvalidInput(f"{where}: {problem.title}", problem.hint) from problem
    if not steps:
        title = f"There is no transform in {name or 'this text'}."
        raise InvalidInput(title, "Write one on each line, such as company = title(company).")
    return Recipe(name, tuple(steps), on_import)


def read_recipe(path: Path, name: str = "") -> Recipe:
    """The recipe in a file. Raises UnreadableFile and InvalidInput."""
    shown = name or path.name
    try:
        content = read_small(path, _LARGEST)
    except OSError as error:
        raise UnreadableFile(
            f"{shown} cannot be read: {reason(error)}.", "Give the path of a recipe: one transform on each line."
        ) from error
    return recipe_in(content, shown)


def recipe_in(content: bytes, shown: str) -> Recipe:
    """The recipe in what was read from what is called `shown`. Raises UnreadableFile and InvalidInput."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{shown} is not UTF-8.", "Save it as UTF-8.") from error
    return parse_recipe(text, shown)


@dataclass(frozen=True, slots=True)
class Recipes:
    """The recipes that are saved, each a file in one folder."""

    folder: Path

    def names(self) -> list[str]:
        """What they are called, in the order of their names."""
        return sorted((path.stem for path in self.folder.glob(f"*{ENDING}")), key=str.casefold)

    def find(self, name: str) -> Recipe:
        """The recipe of that name. Raises NotFound, UnreadableFile and InvalidInput."""
        path = self._path(name)
        if not path.is_file():
            names = ", ".join(self.names())
            raise NotFound(
                f"There is no recipe “{name}”.", f"The recipes are: {names}." if names else "None is saved yet."
            )
        return read_recipe(path, name)

    def has(self, name: str) -> bool:
        """Whether there is one of that name."""
        try:
            return self._path(name).is_file()
        except InvalidInput:
            return False

    def save(self, recipe: Recipe) -> None:
        """Keep it, in place of one of the same name. Raises InvalidInput for a name that no file can have."""
        path = self._path(recipe.name)
        try:
            private_folder(self.folder)
            with replacing(path) as file:
                file.write(recipe.text.encode())
        except OSError as error:
            raise UnreadableFile(f"{path} cannot be written: {reason(error)}.", "Make room, or free it.") from error

    def delete(self, name: str) -> None:
        """Delete it. Raises NotFound."""
        self.find(name)
        self._path(name).unlink()

    def on_import(self) -> list[Recipe]:
        """Those that are applied to every contact that is imported. Raises what `find` raises."""
        return [recipe for recipe in map(self.find, self.names()) if recipe.on_import]

    def _path(self, name: str) -> Path:
        is_plain = name.isprintable() and not set(name) & set('/\\:*?"<>|') and not name.startswith(".")
        if not name.strip() or not is_plain or len(name) > _LONGEST_NAME:
            raise InvalidInput(f"“{name}” cannot be the name of a recipe.", "Use letters, digits and blanks.")
        return self.folder / f"{name.strip()}{ENDING}"


class Applying:
    """Applies recipes to contacts that come in, one by one; a contact that a field refuses stays as it comes.

    Attributes:
        refused: how many stayed, and why the first one did.
    """

    def __init__(self, recipes: Iterable[Recipe]) -> None:
        self._steps = [step for recipe in recipes for step in recipe.steps]
        self.refused = 0
        self.reason = ""

    def restart(self) -> None:
        """Count from zero again: an import reads its first rows twice."""
        self.refused, self.reason = 0, ""

    @property
    def remark(self) -> str:
        """How many contacts stay as they come, and why the first one does."""
        stay = "stays as the file has it" if self.refused == 1 else "stay as the file has them"
        return f"{number_of(self.refused)} {stay}: {self.reason}"

    def __call__(self, contact: Contact) -> Contact:
        """What is imported of a contact."""
        try:
            return carried_out(self._steps, contact)
        except InvalidValue as problem:
            self.refused += 1
            self.reason = self.reason or f"{contact.shown_name}: {problem.title}"
            return contact
