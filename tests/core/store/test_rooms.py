"""The rooms of the store: nothing in them goes round in a circle, not even for the names of types."""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp

STORE = "coterie.core.store"


def test_no_module_of_the_store_comes_back_to_itself() -> None:
    graph = grimp.build_graph("coterie.core", exclude_type_checking_imports=False)
    modules = graph.find_descendants(STORE)
    assert modules
    imported = {module: graph.find_modules_directly_imported_by(module) & modules for module in modules}
    TopologicalSorter(imported).prepare()  # raises CycleError, which names the circle
