"""Check digits and telephone numbers: what they tell is mostly what a column is not. An IBAN is nobody's key, an EAN is a product."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from connectors.proposing.fits import HARDLY, NO, Fit
from connectors.proposing.signals import Signals

LOOKED_AT = 200
"""Different values that are checked."""
ENOUGH = 8
"""Different values from which check digits tell."""
ALL = 0.97
"""Share of values whose check digits are right: a tenth is by chance, all are not."""
CALLED = 0.75
"""Share of numbers that can be called, from which a column is one of them; a third is by chance."""
SHAPED: Mapping[str, str] = {
    "iban": r"[A-Z]{2}[0-9]{2}[ ]?[0-9A-Z ]{10,36}",
    "ean": r"[0-9]{8}|[0-9]{12,14}",
    "card": r"[0-9]{15,16}|[0-9]{4}( [0-9]{4}){3}",
    "vat": r"[A-Z]{2}[0-9][0-9A-Z]{7,11}",
    "nif": r"[0-9XYZ][0-9]{7}-?[A-Z]",
    "bsn": r"[0-9]{9}",
    "idnr": r"[0-9]{11}",
}
"""How each is written; what is written otherwise is not checked."""
NAMES: Mapping[str, str] = {
    "iban": "numbers of accounts", "ean": "article numbers", "card": "numbers of cards", "vat": "VAT numbers", "nif": "tax numbers",
    "bsn": "citizens' numbers", "idnr": "tax numbers",
}  # fmt: skip
OF_PERSONS = frozenset({"nif", "bsn", "idnr", "vat"})
"""Numbers that a client may use as its own keys, though it had better not."""
KEYS = frozenset({"customer_id", "order_id"})
FREE = frozenset({"product_name", "segment", "category"})


@cache
def _checkers() -> Mapping[str, Callable[[str], bool]]:
    """The library is loaded where there is something to check."""
    from stdnum import ean, iban, luhn
    from stdnum.de import idnr
    from stdnum.es import nif
    from stdnum.eu import vat
    from stdnum.nl import bsn

    return {
        "iban": lambda text: bool(iban.is_valid(text, check_country=False)),
        "ean": ean.is_valid,
        "card": lambda text: bool(luhn.is_valid(text.replace(" ", ""))),
        "vat": vat.is_valid,
        "nif": nif.is_valid,
        "bsn": bsn.is_valid,
        "idnr": idnr.is_valid,
    }


@cache
def number_kind(texts: Sequence[str]) -> str:
    """The kind of checked numbers that texts are, a word of `SHAPED`; empty for none.

    Examples
    --------
    >>> number_kind(tuple(f"40063813339{end}" for end in ("00", "17", "24", "31", "48", "55", "62", "79")))
    'ean'
    >>> number_kind(("89073", "01067")), number_kind(tuple(str(number) for number in range(100000000, 100000020)))
    ('', '')
    """
    some = tuple(dict.fromkeys(text.upper() for text in texts[:LOOKED_AT]))
    if len(some) < ENOUGH:
        return ""
    for kind, form in SHAPED.items():
        shaped = [text for text in some if re.fullmatch(form, text)]
        if len(shaped) > ALL * len(some) and sum(map(_checkers()[kind], shaped)) > ALL * len(some):
            return kind
    return ""


def against(field: str, seen: Signals) -> Fit | None:
    """What check digits say of a field; None where there are none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> ends = ("00", "17", "24", "31", "48", "55", "62", "79")
    >>> seen = Signals(columns(pa.table({"x": [f"40063813339{end}" for end in ends]}))[0])
    >>> against("customer_id", seen).points, against("product_id", seen).points, against("email", seen).why
    (-3.0, 0.8, 'its values are article numbers')
    """
    if seen.of("checkable") < ALL:
        return None
    kind = number_kind(seen.column.texts)
    if not kind or field in FREE:
        return None
    why = f"its values are {NAMES[kind]}"
    if kind == "ean" and field == "product_id":
        return Fit(0.8, why)
    return Fit(HARDLY if kind in OF_PERSONS and field in KEYS else NO, why)


def callable_share(texts: Sequence[str], country: str) -> float:
    """Share of texts that are telephone numbers that can exist, in a country or with the sign of another one.

    Examples
    --------
    >>> callable_share(("0171 1234567", "+33 6 12 34 56 78", "12"), "DE")
    0.6666666666666666
    """
    import phonenumbers

    def fine(text: str) -> bool:
        try:
            return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, country)))
        except phonenumbers.NumberParseException:
            return False

    some = texts[:LOOKED_AT]
    return sum(map(fine, some)) / len(some) if some else 0.0


def called(seen: Signals) -> Fit | None:
    """What the numbering plan of the client's country says of a column of telephone numbers; None where it does not tell.

    Where numbers begin with a zero within the country, its plan allows nearly any digits without one: there the zeros tell, not the plan.
    """
    if not seen.country or seen.of("phone") < 0.7 or seen.column.unique < ENOUGH or _zero_first(seen.country):
        return None
    share = callable_share(seen.column.texts, seen.country)
    return Fit(1.0, f"{share:.0%} of its values are telephone numbers of {seen.country}") if share > CALLED else None


@cache
def _zero_first(country: str) -> bool:
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(country)
    return plan is None or plan.national_prefix == "0"
