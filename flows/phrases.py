"""Figures and names as sentences of gates need them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.words import PER_CENT, real, share, short, whole

MOST_NAMED = 3
FINEST = 9


def beside(value: float, limit: float, told: Callable[[float, int], str]) -> tuple[str, str]:
    """A value and its limit in figures that differ wherever the two do: rounding never makes a failure look like a pass.

    Parameters
    ----------
    told : callable
        A number and so many decimals more as text: `shares` or `numbers`.

    Examples
    --------
    >>> beside(0.7999, 0.8, shares), beside(0.25004, 0.25, numbers)
    (('79.99\u00a0%', '80\u00a0%'), ('0.25004', '0.25'))
    """
    more = next((n for n in range(FINEST) if told(value, n) != told(limit, n) or value == limit), FINEST)
    return told(value, more), told(limit, more)


def shares(value: float, more: int) -> str:
    """A share as per cent with one decimal and so many more, without needless ones."""
    return short(share(value)) if not more else f"{100 * value:.{more + 1}f}".rstrip("0").rstrip(".") + PER_CENT


def numbers(value: float, more: int) -> str:
    """A measure with three decimals and so many more, without needless ones."""
    return f"{value:.{3 + more}f}".rstrip("0").rstrip(".")


def points(rise: float) -> str:
    """A difference of two shares.

    Examples
    --------
    >>> points(0.2), points(0.01), points(0.123456)
    ('20 percentage points', '1 percentage point', '12.3 percentage points')
    """
    figure = real(100 * rise, 3)
    return f"{figure} percentage point{'' if figure == '1' else 's'}"


def listed(names: Sequence[str]) -> str:
    """Names in one breath; of many the first three.

    Examples
    --------
    >>> listed(["Age"]), listed(["Age", "Income"])
    ('“Age”', '“Age” and “Income”')
    >>> listed(["Age", "Income", "City", "Plan", "Spend"])
    '“Age”, “Income”, “City” and 2 others'
    """
    quoted = [f"“{name}”" for name in names[:MOST_NAMED]]
    rest = len(names) - len(quoted)
    if rest:
        return f"{', '.join(quoted)} and {'1 other' if rest == 1 else f'{whole(rest)} others'}"
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def every(count: int, noun: str) -> str:
    """All of so many.

    Examples
    --------
    >>> every(1, "row"), every(2, "row"), every(3000, "row")
    ('the only row', 'both rows', 'all 3,000 rows')
    """
    return {1: f"the only {noun}", 2: f"both {noun}s"}.get(count, f"all {whole(count)} {noun}s")


def counted(some: Sequence[str], of: int, noun: str) -> str:
    """Some of so many as the subject of a sentence; the verb is in the plural unless there is one.

    Examples
    --------
    >>> counted(["Age"], 1, "input"), counted(["Age"], 2, "input")
    ('The only input, “Age”,', 'The other input, “Age”,')
    >>> counted(["Age", "Plan"], 2, "input"), counted(["Age", "Plan"], 40, "input")
    ('Both inputs', 'The other 2 inputs')
    """
    if len(some) == 1:
        return f"The {'only' if of == 1 else 'other'} {noun}, {listed(some)},"
    return every(of, noun).capitalize() if len(some) == of else f"The other {whole(len(some))} {noun}s"
