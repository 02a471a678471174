"""Measuring: how good the scores of a file with known outcomes were, and whether the model had seen those outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing import read_arrow
from flows.checkpoint import Kept
from flows.choosing import Choice
from flows.home import Home
from flows.scored import auc, ranks_first
from flows.scoring import SCORED
from flows.steps import step
from models import reference
from models.metrics import quality
from models.tokens import tokens
from reports.trust import Accuracy
from reports.words import plural, whole

AT_TRAINING = "Measured at training, on rows that were held out."


@dataclass(frozen=True)
class Overlap:
    """Reference rows that may hold rows of this client.

    Parameters
    ----------
    home : Path
    client : str
    name, digest : str
        Of the reference.
    submissions : tuple of str
        Ids of what is scored.
    by_position : bool
        Keys are numbers of records, and name nobody beyond their own submission.
    """

    home: Path
    client: str
    name: str
    digest: str
    submissions: tuple[str, ...]
    by_position: bool
    label: str = ""


@step("measure", keep=True)
def measure(item: Overlap, _out: Path, parts: Sequence[Kept]) -> dict[str, Any]:
    """The quality of the scores where outcomes are known, and how many of all rows the model had learned from.

    Returns
    -------
    dict
        JSON-able: ``rows`` and ``seen`` of them, ``known`` rows with an outcome, ``quality`` of these, None where only one occurs.
    """
    tables = [read_arrow(part.out / SCORED) for part in parts]
    known = [table.filter(table.column("outcome").is_valid()) for table in tables if "outcome" in table.column_names]
    outcome = np.concatenate([np.zeros(0, bool), *(table.column("outcome").to_numpy().astype(bool) for table in known)])
    scores = np.concatenate([np.zeros(0), *(table.column("score").to_numpy() for table in known)])
    both = 0 < int(outcome.sum()) < len(outcome)
    return {
        "rows": sum(table.num_rows for table in tables),
        "seen": sum(_seen(item, [table.column("customer_id") for table in tables])),
        "known": len(outcome),
        "quality": quality(outcome, scores).as_dict() if both else None,
    }


def _seen(item: Overlap, keys: Sequence[pa.ChunkedArray]) -> list[int]:
    """Rows of each part whose token is among those of the reference, where that holds rows of this client."""
    rows, facts = reference.load(item.home, item.name, item.digest)
    same = set(item.submissions) & set(facts.source.split(","))
    if facts.scope.owner != item.client or reference.TOKEN not in rows.column_names or (item.by_position and not same):
        return []
    secret, learned = Home(item.home).secret(item.client), rows.column(reference.TOKEN).combine_chunks()
    return [int(np.sum(pc.is_in(tokens(part, secret), value_set=learned).to_numpy(zero_copy_only=False))) for part in keys]


def measured(
    found: Mapping[str, Any] | Kept | None, choice: Choice, lacking: tuple[int, int], deed: str
) -> tuple[Accuracy | None, tuple[str, ...]]:
    """The accuracy that a pack may state, and what must be said about it; `lacking` is the inputs that nobody has here, of how many."""
    card = choice.card.quality
    less = f" {lacking[0]} of its {lacking[1]} inputs are missing here: expect less." if lacking[0] else ""
    at_training = None if card is None else auc(card.auc, card.auc_se, card.rows, f"{ranks_first(card.auc, deed)} {AT_TRAINING}{less}")
    if found is None:
        return at_training, ()
    if found["seen"]:
        who = f"{whole(found['seen'])} of {plural(found['rows'], 'customer')} are among the rows that the model learned from"
        return at_training, (f"{who}: when it scored them, it had seen the outcome that they had then.",)
    if found["quality"] is None:
        return at_training, ()
    here = found["quality"]
    return auc(
        here["auc"],
        here["auc_se"],
        here["rows"],
        f"{ranks_first(here['auc'], deed)} Measured on this file, whose outcomes the model had not seen.",
    ), ()
