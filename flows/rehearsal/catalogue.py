"""What the invented retailer sells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from flows.rehearsal.draws import Draws, Numbers

CATEGORIES: dict[str, tuple[tuple[str, ...], tuple[int, int], float]] = {
    "Bekleidung": (("Strickjacke", "Leinenhemd", "Regenmantel", "Wollschal", "Jeanshose", "Sommerkleid", "Mütze"), (1499, 12999), 0.22),
    "Schuhe": (("Wanderstiefel", "Halbschuh", "Gummistiefel", "Sandale", "Hausschuh", "Laufschuh"), (1999, 15999), 0.20),
    "Haushalt": (("Kochtopf", "Brotkasten", "Geschirrtuch", "Wäschekorb", "Teekanne", "Küchenwaage", "Vorratsdose"), (499, 8999), 0.05),
    "Möbel": (("Beistelltisch", "Bücherregal", "Gartenstuhl", "Schuhschrank", "Sitzbank"), (3999, 129900), 0.07),
    "Garten": (("Rosenschere", "Pflanzkübel", "Gießkanne", "Hochbeet", "Blumenerde", "Futterhäuschen"), (399, 19999), 0.04),
    "Spielwaren": (("Holzeisenbahn", "Kreisel", "Puppenhaus", "Brettspiel", "Drachen", "Malkasten"), (599, 9999), 0.05),
    "Sport": (("Yogamatte", "Trinkflasche", "Rucksack", "Fahrradhelm", "Springseil", "Wanderstock"), (799, 17999), 0.09),
    "Bücher": (("Kochbuch", "Reiseführer", "Bildband", "Krimi", "Kalender"), (799, 4999), 0.02),
}
"""Category: things, lowest and highest price in cents, share of lines that come back."""

COLOURS = ("blau", "grün", "natur", "rot", "schwarz", "weiß")
SIZES = ("", " groß", ' 12"', " Duo")


@dataclass(frozen=True)
class Catalogue:
    """All articles, in parallel tuples and arrays."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    category: Numbers
    price_cents: Numbers
    return_share: np.ndarray[tuple[int], np.dtype[np.float64]]


@cache
def catalogue(seed: int) -> Catalogue:
    """The articles of a seed's retailer; article numbers are six digits and may begin with zeros.

    Examples
    --------
    >>> articles = catalogue(7)
    >>> len(articles.ids) == len(set(articles.ids)), len(articles.ids[0])
    (True, 6)
    """
    rows = [(c, f"{thing} {colour}{size}") for c, (things, _, _) in enumerate(CATEGORIES.values()) for thing in things for colour in COLOURS
            for size in SIZES]  # fmt: skip
    number = np.arange(len(rows))
    draws = Draws(seed, "catalogue")
    kept = np.flatnonzero(draws.uniform("kept", number) < 0.4)
    category = np.array([rows[k][0] for k in kept], dtype=np.int64)
    lowest, highest = (np.array([price[end] for _, price, _ in CATEGORIES.values()])[category] for end in (0, 1))
    price = np.exp(np.log(lowest) + draws.uniform("price", kept) ** 1.6 * np.log(highest / lowest))
    ids = tuple(f"{k * 733 + 1009:06d}" for k in kept)
    shares = np.array([share for _, _, share in CATEGORIES.values()])[category]
    return Catalogue(ids, tuple(rows[k][1] for k in kept), category, (price // 50 * 50 + 49).astype(np.int64), shares)
