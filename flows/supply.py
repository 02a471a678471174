"""Supply: where each input of a product comes from in what a client sends, and which further field would fill its gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from connectors.spec.column import POSITION, WITHIN
from connectors.spec.feed import FeedSpec
from contracts import contract as contracts
from contracts.batch import Batch
from contracts.fields import Field
from contracts.origin import WORDS, Origin, counts
from enrichment.history import FEATURES
from enrichment.step import Step
from flows.order import Source
from flows.product import Product
from flows.wording import titled
from models.gaps import EMPTY, FILLED, THERE, States, unknown
from models.inputs import Column
from reports.fitgap import KINDS, Input, Kind, Link

ANY_DAY = date(2000, 1, 1)
"""Steps are asked what they need and fill; the day that they count to does not matter for that."""
LINES = "transactions"
BUYS = ("customer_id", "order_id", "ordered_at")
TOLD_BY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "orders": (BUYS,),
    "spend": (("amount",), ("quantity", "unit_price")),
    "items": (("quantity",),),
    "returns": (("quantity",),),
    "recency_days": (("ordered_at",),),
    "tenure_days": (("ordered_at",),),
    "mean_basket": (("amount",), ("quantity", "unit_price")),
    "mean_gap_days": (("ordered_at",),),
    "orders_90": (BUYS,),
    "spend_90": (("ordered_at", "amount"), ("ordered_at", "quantity", "unit_price")),
    "categories": (("category",),),
    "online_share": (("channel",),),
}
"""Which fields of the order lines tell a feature of the history; of several ways one is enough."""
LINE_FIELDS = ("amount", "quantity", "category", "channel")
GAP = 0.02
"""Share of rows without a value from which on it is worth asking for one."""
Flags = npt.NDArray[np.bool_]
Gone = Sequence[tuple[str, str]]
"""What is left out to try it, as (contract, field); without a field the whole contract."""


@dataclass(frozen=True)
class Sent:
    """The feeds that are looked at, by contract."""

    feeds: Mapping[str, FeedSpec]
    filled: Mapping[str, frozenset[str]]

    def headers(self, contract: str, name: str) -> tuple[str, ...]:
        """Columns of the file that a field is read from; none where it is not sent."""
        feed = self.feeds.get(contract)
        if feed is None or name not in feed.all_columns or name not in self.filled[contract]:
            return ()
        spec = feed.all_columns[name]
        said = {POSITION: "the record's number", WITHIN: "the record's number in its group"}
        return tuple(said.get(source, source) for source in spec.source) or (f"always {spec.constant}",)

    def link(self, contract: str, name: str) -> Link:
        """A field with its columns."""
        known = self.feeds[contract].table if contract in self.feeds else contracts.get(contract)
        title = titled(name, known)
        return Link(contract, name, title, self.headers(contract, name), name in known.fields)


@dataclass(frozen=True)
class Ask:
    """A field that the client could send, and the inputs that it would fill."""

    title: str
    inputs: tuple[str, ...]


def inputs(
    product: Product, fields: Sequence[Field], batch: Batch, sent: Sent, fills: Iterable[Step], foreign: Mapping[str, Flags]
) -> tuple[Input, ...]:
    """Each input with its origin, its fill rate in the sample and the way that it takes.

    Parameters
    ----------
    batch : Batch
        Rows of the sample after the product's steps.
    fills : iterable of Step
        Those that fill gaps.
    """
    gaps = list(fills)
    made = (_input(product, field, counts(batch.origins[field.name]), batch.rows, sent, gaps) for field in fields)
    return tuple(replace(one, unknown=float(foreign[one.name].mean())) if one.name in foreign else one for one in made)


def _input(product: Product, field: Field, cells: Mapping[str, int], rows: int, sent: Sent, fills: Sequence[Step]) -> Input:
    kind = _kind(cells)
    shares = {word: cells[word] / rows if rows else 0.0 for word in WORDS}
    step, needs = _way(product, field.name, kind, sent)
    said = [one.how for one in fills if field.name in one.fills] if shares["imputed"] else []
    return Input(
        field.name,
        field.title,
        field.meaning,
        kind,
        1 - shares["imputed"] - shares["absent"] if rows else 0.0,
        {word: share for word, share in shares.items() if share},
        tuple(sent.link(contract, name) for contract, name in needs),
        step,
        "; ".join(dict.fromkeys(said)),
    )


def _kind(cells: Mapping[str, int]) -> Kind:
    """The best origin that any cell has; a repaired cell was supplied."""
    if cells["repaired"]:
        return "supplied"
    return next((kind for kind in KINDS if cells[kind]), "absent")


def lines_of(sent: Sent, source: Source) -> tuple[Input, ...]:
    """The fields of order lines that a model fitted on them reads."""
    rows, fields = sum(account["ledger"]["accepted"] for account in source.accounts), source.feed.table.fields
    made = []
    for name in ("customer_id", "ordered_at", "quantity", "amount"):
        filled = sum(account["fields"].get(name, {}).get("filled", 0) for account in source.accounts) if sent.headers(LINES, name) else 0
        share, field = (filled / rows if rows else 0.0), fields[name]
        shares = {"supplied": share, "absent": 1 - share}
        kind: Kind = "supplied" if filled else "absent"
        made.append(Input(name, field.title, field.meaning, kind, share, {k: v for k, v in shares.items() if v}, (sent.link(LINES, name),)))
    return tuple(made)


def _way(product: Product, name: str, kind: str, sent: Sent) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The step that makes an input, if any, and the fields that it comes from."""
    own = contracts.get(product.base).fields
    if kind != "supplied" or name not in own:
        makers = [one for one in product.before(ANY_DAY) if name in one.fills]
        for one in sorted(makers, key=lambda maker: not any(sent.headers(product.base, need) for need in maker.needs))[:1]:
            return re.sub(r"(?<!^)(?=[A-Z])", " ", type(one).__name__).lower(), tuple((product.base, need) for need in one.needs)
        if _of_history(product, name):
            return "history of orders", tuple((LINES, need) for need in TOLD_BY[name][0])
    return "", ((product.base, name),)


def _of_history(product: Product, name: str) -> bool:
    return name in FEATURES and product.base != LINES


def lacking(product: Product, known: Iterable[str], gone: Gone, sent: Sent) -> set[str]:
    """Inputs made of order lines that cannot be made without some fields, named as (contract, field)."""
    away = {name for contract, name in gone if contract == LINES}
    there = sent.filled.get(LINES, frozenset()) - away
    return {name for name in known if away and _of_history(product, name) and not any(set(way) <= there for way in TOLD_BY[name])}


def asks(product: Product, found: Sequence[Input], sent: Sent) -> tuple[Ask, ...]:
    """What the client could send besides, each with the inputs it would fill; what would fill the same ones is one question."""
    by_inputs: dict[tuple[str, ...], list[str]] = {}
    for title, names in _asks(product, {one.name: one for one in found if 1 - one.fill + one.unknown >= GAP}, sent):
        if names and title not in by_inputs.setdefault(names, []):
            by_inputs[names].append(title)
    return tuple(Ask(_title(titles), names) for names, titles in by_inputs.items())


EVERY, KNOWN = " on every row", " on every row, in words that the model knows"


def _title(titles: Sequence[str]) -> str:
    """Of several fields that would fill the same the one that is sent already, for some rows."""
    return next((title for title in titles if title.endswith((EVERY, KNOWN))), " or ".join(titles))


def _asks(product: Product, gaps: Mapping[str, Input], sent: Sent) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Fields of the base contract, then the order lines or fields of them, then columns that no contract knows."""
    own = sent.feeds[product.base].table.fields
    makes = {need: one.fills for one in product.before(ANY_DAY) for need in one.needs}
    known = set(own)
    for name, field in own.items():
        names = tuple(made for made in gaps if made == name or made in makes.get(name, ()))
        known |= set(names)
        foreign = any(gaps[made].unknown >= GAP for made in names)
        yield field.title + (KNOWN if foreign else EVERY if sent.headers(product.base, name) else ""), names
    missed = tuple(name for name in gaps if _of_history(product, name) and not gaps[name].fill)
    if LINES not in sent.feeds:
        yield "the order lines", missed
    for name in LINE_FIELDS if LINES in sent.feeds else ():
        names = tuple(made for made in missed if any(name in way for way in TOLD_BY[made]))
        yield f"{sent.feeds[LINES].table.fields[name].title} of each order line", names
    for name, one in gaps.items():
        if name not in known and not _of_history(product, name):
            yield one.title, (name,)


def strange(batch: Batch, columns: Iterable[Column]) -> dict[str, Flags]:
    """Cells that hold a word which the model does not know, by input; inputs without any are left out."""
    found = {known.name: unknown(batch.column(known.name), known) for known in columns if known.name in batch.origins}
    return {name: cells for name, cells in found.items() if cells.any()}


def states(batch: Batch, names: Sequence[str], usual: Iterable[str], foreign: Mapping[str, Flags]) -> States:
    """Cells as a replay takes them: there, filled with a usual value, or empty.

    Parameters
    ----------
    usual : iterable of str
        Inputs whose gaps the scoring fills with the usual value at training.
    foreign : mapping of str to array of bool
        Cells that hold a word which the model does not know.
    """
    filled = set(usual)
    made = np.full((batch.rows, len(names)), THERE, np.uint8)
    for place, name in enumerate(names):
        made[batch.origins[name] == Origin.IMPUTED, place] = FILLED
        made[batch.origins[name] == Origin.ABSENT, place] = FILLED if name in filled else EMPTY
        if name in foreign:
            made[foreign[name], place] = EMPTY
    return made
