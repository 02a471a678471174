"""Which rows of a portion are hurt, where, and how; the same whatever the portion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from flows.rehearsal.damage import Form, Kind, kinds_for
from flows.rehearsal.draws import Draws, Numbers
from flows.rehearsal.rows import Rows
from flows.rehearsal.spoilers.cell import Cell
from flows.rehearsal.spoilers.kinds import SPOILERS

CELL_BREAKS = "line_break_in_cell"
BARE_BREAKS = "bare_line_break"
LOST_DELIMITER = "missing_delimiter"


@dataclass(frozen=True)
class Wound:
    """One changed cell; `row` is the position in the portion."""

    row: int
    kind: Kind
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Extra:
    """One record more: a copy of a row, the same key with other content, or a blank line.

    `row` is the position in the portion after which it comes, or at the end of the file where `late`.
    """

    row: int
    kind: Kind
    late: bool
    field: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Harm:
    """All that happens to a portion: changed cells, rows that lose a delimiter (by their draw), records added."""

    wounds: tuple[Wound, ...]
    lost: tuple[tuple[int, float], ...]
    extras: tuple[Extra, ...]


def inflict(rows: Rows, form: Form, draws: Draws, rate: float, day: date, shares: Mapping[str, float]) -> Harm:
    """Damages for about `rate` of the rows, at most one a row; `shares` by name of the kind, its own where absent."""
    kinds = kinds_for(rows.feed, form)
    hit = np.flatnonzero(draws.uniform("hit", rows.number) < rate)
    number = rows.number[hit]
    which = draws.choice("kind", number, [shares.get(kind.name, kind.share) for kind in kinds])
    where, how = draws.uniform("field", number), draws.uniform("how", number)
    wounds: list[Wound] = []
    lost: list[tuple[int, float]] = []
    extras: list[Extra] = []
    for row, texts, k, w, h in zip(hit.tolist(), rows.dicts(hit), which.tolist(), where.tolist(), how.tolist(), strict=True):
        kind = kinds[k]
        if kind.name == LOST_DELIMITER:
            lost += [(row, h)] if not any('"' in (text or "") or ";" in (text or "") for text in texts.values()) else []
        elif kind.scope == "row":
            extras += _extra(row, kind, texts, rows, w, h, day)
        else:
            wounds += _wounds(row, kind, texts, rows, w, h, day)
    return Harm(tuple(wounds), tuple(lost), tuple(extras))


def _wounds(row: int, kind: Kind, texts: dict[str, Any], rows: Rows, where: float, how: float, day: date) -> list[Wound]:
    fields = kind.fields(rows.feed)
    field = fields[int(where * len(fields))]
    clean = texts[field]
    spoilt = SPOILERS[kind.name](Cell(clean, field, texts, how, day)) if clean else None
    if spoilt is None:
        return []
    changed = {field: spoilt} if isinstance(spoilt, str) else spoilt
    return [Wound(row, kind, name, texts[name], after) for name, after in changed.items()]


def _extra(row: int, kind: Kind, texts: dict[str, Any], rows: Rows, where: float, how: float, day: date) -> list[Extra]:
    late = kind.name != "blank_line" and how < 0.5
    if kind.name != "same_key_other_content":
        return [Extra(row, kind, late)]
    field = kind.fields(rows.feed)[0]
    after = SPOILERS[kind.name](Cell(texts[field], field, texts, where, day))
    assert isinstance(after, str)
    return [Extra(row, kind, late, field, texts[field], after)]


def replaced(column: pa.Array, rows: Numbers, texts: list[str]) -> pa.Array:
    """A column with some cells exchanged; rows ascend."""
    import pyarrow.compute as pc

    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array(texts, column.type)) if len(rows) else column
