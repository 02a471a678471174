"""Real files with a recipe, scored."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.connectors.reading.pollock.damaged import Damaged
from tests.connectors.reading.pollock.figures import Scored, judged
from tests.connectors.reading.pollock.loading import as_filed, load
from tests.connectors.reading.pollock.recipe import Recipe, clean, recipes

PORTALS = "official-spending-and-statistics"
"""Files of open-data portals."""
EXAMPLES = ("dialect-samples", "csvkit-examples")


@dataclass(frozen=True)
class Real:
    """One real file's scores.

    Parameters
    ----------
    recipe : Recipe
    strict : Scored
        Totals of the published table belong to its records; a name that the reader made up counts as read.
    aside : Scored
        Totals belong to no record.
    filed : Scored
        As `strict`, with the names that the file has, not those that the reader made unique.
    """

    recipe: Recipe
    strict: Scored
    aside: Scored
    filed: Scored


def real(*folders: str) -> list[Real]:
    """Read and score the files of these folders."""
    return [_scored(given) for given in recipes(*folders)]


def _scored(given: Recipe) -> Real:
    loaded = load(given.path)
    with_totals = Damaged(given.name, given.name.partition("/")[0], b"", clean(given, totals=True), headed=bool(given.header))
    without = replace(with_totals, truth=clean(given))
    return Real(given, judged(with_totals, loaded), judged(without, loaded), judged(with_totals, as_filed(loaded)))
