"""One sync of one account: fetch everything the source says, plan and apply it in one transaction, then write back.

The cursor is stored in the same transaction as what it stands for, so a kill, an error or a cancellation at any point
leaves the book as it was, and the next sync says the same again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from typing import Final, cast

from core.book import Book
from core.change import Advance, Change, Lookup, Outcome, Plan, Quarantine, SyncLookup
from core.errors import Cancelled, CursorExpired
from core.model import Account
from core.provider import Provider
from core.sync.events import Applying, Confirm, Ended, Fetching, SyncEvent, SyncReport, Vanishing, Writing
from core.sync.plan import Planner
from core.sync.sending import FEW, MANY, Sending
from core.sync.spool import Spool

BATCH: Final = 1000


async def refuse(question: Vanishing) -> bool:
    """The answer where nobody can be asked."""
    return False


async def sync(
    book: Book, account: Account, provider: Provider, *, confirm: Confirm = refuse, dry_run: bool = False
) -> AsyncGenerator[SyncEvent, None]:
    """Sync one account; the last event is `Ended`.

    Args:
        book: where its contacts are.
        account: as `book.account` gives it.
        provider: signed in; it is not closed.
        confirm: asked before more than a tenth would vanish; without it such a sync is refused.
        dry_run: find out what would happen, and leave everything as it is.

    Raises what the provider raises but CursorExpired (then it starts over), Cancelled where `confirm` says no,
    BookBusy.
    """
    report = SyncReport(account.name)
    with Spool() as spool:
        cursor, total = None, None
        try:
            async for page_cursor, total in _fetch(provider, account.cursor, spool, report):
                cursor = page_cursor
                yield Fetching(spool.totals().present, total)
        except CursorExpired:
            spool.clear()
            async for page_cursor, total in _fetch(provider, None, spool, report):
                cursor = page_cursor
                yield Fetching(spool.totals().present, total)
        await _ask_about_vanishing(book, account, spool, report, confirm)
        async for event in _apply(book, account, provider, spool, cursor, report, dry_run=dry_run):
            yield event
    if account.settings.get("write") and provider.capabilities.write:
        sending = Sending(book, account, provider, report)
        async for done, total_changes in sending.run(confirm, dry_run=dry_run):
            yield Writing(done, total_changes)
    yield Ended(report)


async def _fetch(
    provider: Provider, cursor: str | None, spool: Spool, report: SyncReport
) -> AsyncIterator[tuple[str | None, int | None]]:
    """Spool a round, page by page: (the cursor, on the last page only; how many the source has, where it says so)."""
    report.full = cursor is None
    async for page in provider.changes(cursor):
        await asyncio.to_thread(spool.add, page)
        report.full = report.full or page.full
        yield page.cursor, page.total


async def _ask_about_vanishing(
    book: Book, account: Account, spool: Spool, report: SyncReport, confirm: Confirm
) -> None:
    """Ask before a round that would take much away. Raises Cancelled where the answer is no."""
    known = vanish = 0
    after = ""
    while batch := await book.linked(account, after, BATCH):
        after = batch[-1].remote_id
        live = [one for one in batch if one.contact is not None and one.contact.deleted_at is None]
        known += len(live)
        gone = set(_gone_of(spool, report, [one.remote_id for one in batch]))
        vanish += sum(one.remote_id in gone and not one.others for one in live)
    empty = report.full and not spool.totals().present
    if vanish and (empty or (vanish > FEW and vanish * MANY > known)):
        question = Vanishing(account.name, vanish, known, empty=empty)
        if not await confirm(question):
            raise Cancelled(f"{question.sentence} Nothing was changed.", "Sync again and confirm it, if that is right.")


def _gone_of(spool: Spool, report: SyncReport, remote_ids: Sequence[str]) -> list[str]:
    """Which of the ids that we know are gone: named as deleted, or, where everything was listed, not named at all."""
    named = spool.named_gone(remote_ids)
    return [*named, *spool.unnamed(remote_ids)] if report.full else named


async def _apply(
    book: Book,
    account: Account,
    provider: Provider,
    spool: Spool,
    cursor: str | None,
    report: SyncReport,
    *,
    dry_run: bool,
) -> AsyncGenerator[SyncEvent, None]:
    """Plan and apply what was spooled, telling how far it is."""
    planner = Planner(account.name, provider.capabilities.fields, report)
    total = spool.totals().present
    told: asyncio.Queue[int | None] = asyncio.Queue()

    async def changes(lookup: Lookup) -> AsyncIterator[Sequence[Change]]:
        # The writer answers both protocols; imports need only the smaller one.
        book_then = cast(SyncLookup, lookup)
        done = 0
        for batch in spool.present(BATCH):
            ids = [one for remote in batch for one in (remote.remote_id, *remote.previous_ids)]
            remembered = await book_then.remembered(account.name, ids)
            addresses = (
                email.address
                for remote in batch
                if remote.remote_id not in remembered
                for email in remote.contact.emails
            )
            yield planner.present(batch, remembered, await book_then.known(addresses))
            done += len(batch)
            told.put_nowait(done)
        after = ""
        while ids := await book_then.remote_ids(account.name, after, BATCH):
            after = ids[-1]
            gone = _gone_of(spool, report, ids)
            yield planner.gone(gone, await book_then.remembered(account.name, gone))
        yield [change for one in spool.unreadable() for change in planner.unreadable(one)]
        readable = await _readable_again(book, account, spool, report)
        yield [*(Quarantine(account.name, one) for one in readable), Advance(account.name, cursor)]

    plan = Plan("sync", f"Sync {account.name}", changes, done=lambda: report.sentence)
    applying = asyncio.create_task(_run(book, plan, told, dry_run=dry_run))
    try:
        while (done := await told.get()) is not None:
            yield Applying(done, total)
        report.outcome = await applying
    finally:
        applying.cancel()
        await asyncio.wait([applying])


async def _run(book: Book, plan: Plan, told: asyncio.Queue[int | None], *, dry_run: bool) -> Outcome:
    try:
        return await book.apply(plan, dry_run=dry_run)
    finally:
        told.put_nowait(None)


async def _readable_again(book: Book, account: Account, spool: Spool, report: SyncReport) -> Iterable[str]:
    """Quarantined records that this round brought in order, or did not name in a full one."""
    held = [remote_id for remote_id, _ in await book.quarantined(account)]
    still = {remote_id for remote_id, _ in report.quarantined}
    named = set(spool.named_present(held)) | (set(spool.unnamed(held)) if report.full else set())
    return [one for one in held if one in named and one not in still]
