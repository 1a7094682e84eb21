from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from coterie.core.bulk import make_action
from coterie.core.bulk.plan import rewriting
from coterie.core.changes import Change, Outcome, Plan, Skip
from coterie.core.checks import Checks
from coterie.core.store.journal.apply import ONE_BY_ONE, TOGETHER

USED_UP = {Callable, Iterable, Iterator}


def parts_of(hint: Any) -> Iterator[Any]:
    """A type and all types within it."""
    yield get_origin(hint) or hint
    for part in get_args(hint):
        yield from parts_of(part) if not isinstance(part, list) else ()


@pytest.mark.parametrize("kind", [Plan, Outcome, Skip, *get_args(Change)], ids=lambda kind: kind.__name__)
def test_a_plan_holds_no_function_and_nothing_that_reading_uses_up(kind: type) -> None:
    for name, hint in get_type_hints(kind).items():
        assert USED_UP.isdisjoint(parts_of(hint)), name


def test_the_types_within_a_type_are_found() -> None:
    assert Callable in set(parts_of(Mapping[str, Sequence[int] | Callable[[int], str]]))


def test_the_store_carries_out_every_change() -> None:
    assert sorted([*ONE_BY_ONE, *TOGETHER], key=str) == sorted(get_args(Change), key=str)


def test_the_same_actions_on_the_same_contacts_are_the_same_plan() -> None:
    def plan() -> Plan:
        return rewriting([make_action("replace", field="company", value="Acme", new="Bell")], Checks.of([1, 3]))

    assert plan() == plan()
