"""Names that others give to tables and columns, as contracts and fields have them."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

LONGEST = 63
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "o", "Ø": "O", "ł": "l",
                        "Ł": "L"})  # fmt: skip


def folded(name: str) -> str:
    """A name in small letters, digits and underscores; empty where none is left of it.

    Examples
    --------
    >>> folded("customerID"), folded("Order Date"), folded("rcvr-cntry"), folded("Größe"), folded("prénom"), folded("2nd")
    ('customer_id', 'order_date', 'rcvr_cntry', 'groesse', 'prenom', 'n2nd')
    """
    bare = "".join(sign for sign in normalize("NFKD", normalize("NFC", name).translate(_SPELT)) if not combining(sign))
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", bare)
    plain = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return (f"n{plain}" if plain[:1].isdigit() else plain)[:LONGEST].rstrip("_")


def titled(name: str) -> str:
    """A name as a title.

    Examples
    --------
    >>> titled("orderDate")
    'Order date'
    """
    return folded(name).replace("_", " ").capitalize()
