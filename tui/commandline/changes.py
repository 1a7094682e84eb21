"""What a bulk change would do, as one object of JSON, in pieces: it may be about any number of contacts."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from coterie.core.bulk import Kind, Survey
from coterie.core.bulk.survey import BATCH
from coterie.core.fields.differences import Difference
from coterie.tui.commandline import output

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.changes import Plan


Line = Callable[[Difference], Mapping[str, object]]


def as_change(difference: Difference) -> Mapping[str, object]:
    """A line of `changes`."""
    return {"id": difference.contact_id, "field": difference.key, "old": difference.old, "new": difference.new}


def as_refusal(difference: Difference) -> Mapping[str, object]:
    """A line of `refused`."""
    return {"id": difference.contact_id, "field": difference.key, "reason": difference.reason}


async def write_changes(
    book: Book,
    survey: Survey,
    *,
    apply: bool,
    plan: Callable[[], Awaitable[Plan]] | None = None,
    line: Line = as_change,
) -> int:
    """Write `{"changes":[{"id","field","old","new"}],"unchanged":N,"refused":[{"id","field","reason"}]}`.

    With `apply` the changes are made, by `plan` if it is not the survey's own. `line` makes the lines of `changes`.
    Returns the exit code: 1 if something is refused.
    """
    with output.progress("Looked at") as progress:
        await survey.finish(progress)
    sys.stdout.write('{"changes": ')
    await _array(survey, Kind.CHANGES, line)
    sys.stdout.write(f', "unchanged": {survey.unchanged}, "refused": ')
    await _array(survey, Kind.REFUSED, as_refusal)
    sys.stdout.write("}\n")
    if not apply or not survey.changed:
        return 1 if survey.refused else 0
    with output.progress("Changed") as progress:
        outcome = await book.apply(await plan() if plan else survey.plan(), progress)
    for skip in outcome.skipped:
        output.note(f"coterie: {skip.subject}: {skip.reason}")
    return 1 if survey.refused or outcome.skipped else 0


async def _array(survey: Survey, kind: Kind, line: Line) -> None:
    """The lines of one kind."""
    separator = "["
    for start in range(0, survey.count(kind), BATCH):
        for difference in await survey.lines(range(start, min(start + BATCH, survey.count(kind))), kind):
            sys.stdout.write(separator + output.json_text(line(difference)))
            separator = ",\n"
    sys.stdout.write("[]" if separator == "[" else "]")
