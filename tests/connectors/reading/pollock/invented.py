"""Clean tables made from a seed: other widths, languages and kinds of columns, and other ways to write numbers and days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ruamel.yaml import YAML

from tests.connectors.reading.pollock.places import HERE
from tests.connectors.reading.pollock.table import Table, table


@dataclass(frozen=True)
class Language:
    """How a table's author writes.

    Parameters
    ----------
    code : str
    names : dict of str to str
        Column names by kind of column.
    people, places, notes : list of str
        Cells.
    day : str
        As `strftime` takes it.
    point, thousands : str
        Of numbers.
    legacy : str
        The encoding before UTF-8.
    """

    code: str
    names: dict[str, str]
    people: list[str]
    places: list[str]
    notes: list[str]
    day: str
    point: str
    thousands: str
    legacy: str


def languages() -> tuple[Language, ...]:
    """Those of ``languages.yaml``."""
    written = YAML(typ="safe").load((HERE / "languages.yaml").read_text(encoding="utf-8"))
    return tuple(Language(code, **facts) for code, facts in written.items())


def language(seed: int) -> Language:
    """The language of the table of a seed."""
    return _LANGUAGES[seed % len(_LANGUAGES)]


def invented(seed: int) -> Table:
    """The clean table of a seed: 4 to 12 columns, 12 to 70 rows.

    Examples
    --------
    >>> first = invented(1)
    >>> first == invented(1), first == invented(2), {len(row) for row in first.rows} == {first.width}
    (True, False, True)
    """
    random, words = Random(seed), language(seed)
    kinds = ["code", *random.sample([kind for kind in words.names if kind != "code"], random.randint(3, 11))]
    rows = [[words.names[kind] for kind in kinds]]
    for number in range(random.randint(12, 70)):
        rows.append([_COLUMNS[kind](random, words, number) for kind in kinds])
    return table(rows)


def crosstab(seed: int) -> Table:
    """A table whose header is years: places down, counts across."""
    random, words = Random(seed), language(seed)
    years = range(2012, 2012 + random.randint(4, 9))
    rows = [[words.names["place"], *map(str, years)]]
    return table([*rows, *([f"{place} {part}", *(str(random.randint(0, 900)) for _ in years)] for place in words.places for part in "ABC")])


def number(value: float, words: Language) -> str:
    """As the author writes it, with thousands apart.

    Examples
    --------
    >>> number(1234.5, language(1)), number(1234.5, language(0))
    ('1.234,50', '1,234.50')
    """
    return f"{value:,.2f}".translate({ord(","): words.thousands, ord("."): words.point})


def _amount(random: Random, words: Language, _: int) -> str:
    return number(random.lognormvariate(5, 1.5), words)


def _share(random: Random, words: Language, _: int) -> str:
    return f"{random.random():.2f}".replace(".", words.point)


def _day(random: Random, words: Language, _: int) -> str:
    return (date(2021, 1, 1) + timedelta(days=random.randrange(1200))).strftime(words.day)


def _mail(random: Random, words: Language, row: int) -> str:
    return f"user{row}@{random.choice(('example.com', 'example.org'))}"


_LANGUAGES = languages()
_COLUMNS: dict[str, Callable[[Random, Language, int], str]] = {
    "code": lambda random, words, row: f"{row * 7 + 13:06d}",
    "person": lambda random, words, row: random.choice(words.people),
    "place": lambda random, words, row: random.choice(words.places),
    "day": _day,
    "amount": _amount,
    "count": lambda random, words, row: str(random.randint(1, 40)),
    "share": _share,
    "flag": lambda random, words, row: random.choice("YN"),
    "year": lambda random, words, row: str(random.randint(1995, 2024)),
    "mail": _mail,
    "note": lambda random, words, row: random.choice(words.notes),
    "seldom": lambda random, words, row: f"X{random.randrange(10**6):06d}" if random.random() < 0.2 else "",
}
