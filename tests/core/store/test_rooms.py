"""The rooms of the store: nothing in them goes round in a circle, not even for the names of types."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

from coterie.core import store

STORE = "coterie.core.store"


def test_no_module_of_the_store_comes_back_to_itself() -> None:
    graph = grimp.build_graph("coterie.core", exclude_type_checking_imports=False)
    modules = graph.find_descendants(STORE)
    assert modules
    imported = {module: graph.find_modules_directly_imported_by(module) & modules for module in modules}
    TopologicalSorter(imported).prepare()  # raises CycleError, which names the circle


def test_only_the_engine_and_the_schema_know_the_names_of_the_databases() -> None:
    folder = Path(store.__file__).parent
    others = [path for path in folder.rglob("*.py") if path.relative_to(folder).parts[0] not in {"engine", "schema"}]
    assert others
    assert [path for path in others if re.search('"(sqlite|postgresql)"', path.read_text("utf-8"))] == []
