"""Rules of a contract that more rows break than it tolerates: at a delivery they hold the pack, as they fail a check before one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ledger import Ledger
from flows.failing import tolerated
from flows.faults import faults
from flows.limits import Limits
from flows.order import Source
from flows.phrases import beside, shares
from flows.wording import reason
from reports.trust import Gate
from reports.words import plural, whole


@dataclass(frozen=True)
class Beyond:
    """A rule that too many rows break: as ``field:rule``, how many rows, their share of all, and the share that may."""

    key: str
    rows: int
    share: float
    tolerated: float


def beyond(source: Source, limits: Limits) -> tuple[Beyond, ...]:
    """The rules of a feed's contract that more rows break than it tolerates, the furthest beyond first.

    Rows that were set aside as repeats count no more than once, as in `flows.failing`.
    """
    total = sum((Ledger.from_dict(account["ledger"]) for account in source.accounts), Ledger())
    rows = total.accepted + total.rows_quarantined
    told = sum((Counter(account["failures"]) for account in source.accounts), Counter())
    may = {key: tolerated(source.feed, key, limits) for key in told}
    suspects = {key for key, count in told.items() if count > may[key] * rows}  # repeats included: at least as many as there are
    if not suspects or not rows:
        return ()
    counted = sum((Counter(faults(each.folder).counts) for each in source.submissions), Counter())
    found = (Beyond(key, counted[key], counted[key] / rows, may[key]) for key in sorted(suspects))
    return tuple(sorted((one for one in found if one.share > one.tolerated), key=lambda one: one.tolerated - one.share))


def tolerance_gates(sources: Iterable[Source], limits: Limits) -> tuple[Gate, ...]:
    """One gate for each feed with a rule that too many rows break; the worst one is told."""
    return tuple(_gate(source, found) for source in sources if (found := beyond(source, limits)))


def _gate(source: Source, found: tuple[Beyond, ...]) -> Gate:
    table, worst, others = source.feed.table, found[0], len(found) - 1
    told, limit = beside(worst.share, worst.tolerated, shares)
    also = f" {whole(others)} more {'rule is' if others == 1 else 'rules are'} broken too often." if others else ""
    rows, why = plural(worst.rows, "row"), reason(worst.key, table)
    sentence = f"In {table.title}, {rows} ({told}) cannot be taken as sent: {why}; at most {limit} may.{also}"
    title = f"{table.title}: {table.fields[worst.key.partition(':')[0]].title} is as agreed"
    return Gate(f"tolerated:{table.title}", title, worst.share, worst.tolerated, "share", "fail", sentence)
