"""What is private in Textual, and who uses it: found by reading the sources.

`python -m tests.tui.terminal.textual_names` says what the Textual that is installed lacks.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import textual

ROOT = Path(__file__).parents[3]
GUEST = ROOT / "tui" / "terminal"
ALLOWED = GUEST / "textual_private.py"
_TEXTUAL = Path(textual.__file__).parent


def is_private(name: str) -> bool:
    """Whether `name` begins with one underscore, or is of a module that does."""
    return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))


def names_in(tree: ast.AST) -> Iterator[str]:
    """What a class or a module defines: its functions, its variables, and those of `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
            yield node.attr
    for statement in getattr(tree, "body", ()):
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_self(node: ast.AST) -> bool:
    """Whether `node` is `self`, `cls` or `super()`."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "super"
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


@cache
def private_names_of_textual() -> Mapping[str, frozenset[str]]:
    """The private names of each class of Textual, by `module.Class`."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for path in _TEXTUAL.rglob("*.py"):
        module = ".".join(("textual", *path.relative_to(_TEXTUAL).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                names[f"{module}.{node.name}"] |= {name for name in names_in(node) if is_private(name)}
    return {place: frozenset(each) for place, each in names.items()}


def used_in(source: str, classes: Mapping[str, type]) -> Iterator[tuple[int, str]]:
    """The private names of Textual that `source` uses, each with its line.

    Args:
        classes: the classes that it defines, by their qualified names.
    """
    tree = ast.parse(source)
    classes_of_ours = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    own = {name for node in (tree, *classes_of_ours) for name in names_in(node)}
    everything = frozenset().union(*private_names_of_textual().values())
    yield from _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not _is_self(node.value) and node.attr in everything - own:
            yield node.lineno, node.attr
    for qualified, body in _classes_in(tree):
        inherited = _inherited(classes[qualified])
        for node in ast.walk(body):
            if isinstance(node, ast.Attribute) and _is_self(node.value) and node.attr in inherited:
                yield node.lineno, node.attr
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in inherited:
                yield node.lineno, node.name


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in imported if name.startswith("textual.") and is_private(name))


def _classes_in(tree: ast.AST, around: str = "") -> Iterator[tuple[str, ast.ClassDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield f"{around}{node.name}", node
            yield from _classes_in(node, f"{around}{node.name}.")


def _inherited(own: type) -> frozenset[str]:
    """The private names that a class of ours has from Textual's."""
    private = private_names_of_textual()
    return frozenset().union(*(private.get(f"{each.__module__}.{each.__qualname__}", ()) for each in own.__mro__))


def used_by(path: Path) -> list[str]:
    """The private names of Textual that a file of ours uses, as `path:line name`."""
    source = path.read_text("utf-8")
    module = import_module(".".join(("coterie", *path.relative_to(ROOT).with_suffix("").parts)))
    classes = {name: _class(module, name) for name, _ in _classes_in(ast.parse(source))}
    return [f"{path.relative_to(ROOT)}:{line} {name}" for line, name in sorted(used_in(source, classes))]


def _class(module: object, qualified: str) -> type:
    found = module
    for name in qualified.split("."):
        found = getattr(found, name)
    assert isinstance(found, type)
    return found


def listed() -> list[str]:
    """What the README of the guest lists, by its place in the package `textual`."""
    section = (GUEST / "README.md").read_text("utf-8").partition("## What is private")[2]
    return re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE)


def missing(places: Iterable[str]) -> list[str]:
    """Those of `places` that the Textual that is installed lacks."""
    return [place for place in places if not _is_there(place)]


def _is_there(place: str) -> bool:
    parts = place.split(".")
    for size in range(len(parts) - 1, 0, -1):
        try:
            found: object = import_module(".".join(("textual", *parts[:size])))
        except ImportError:
            continue
        for name in parts[size:]:
            if isinstance(found, type) and name not in dir(found) and name in _variables(found):
                return True  # of an object, not of its class
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


def _variables(own: type) -> set[str]:
    """What the methods of a class of Textual, or of its bases there, give to `self`."""
    bases = [base for base in own.__mro__ if base.__module__.partition(".")[0] == "textual"]
    sources = [textwrap.dedent(inspect.getsource(base)) for base in bases]
    return {name for source in sources for name in names_in(ast.parse(source))}


if __name__ == "__main__":
    lacking = missing(listed())
    print(f"Textual {version('textual')} lacks {len(lacking)} of the {len(listed())} private names that are used.")
    print(*lacking, sep="\n")
    sys.exit(bool(lacking))
