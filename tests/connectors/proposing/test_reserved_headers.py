"""Headers that a connector has another meaning for."""

from __future__ import annotations

import pyarrow as pa

from connectors.proposing.propose import propose
from connectors.spec.column import RESERVED


def test_a_header_that_a_connector_cannot_name_is_taken_for_no_field() -> None:
    table = pa.table({"Kundennr": ["K1", "K2", "K3"], **{word: ["a@b.de", "c@d.de", "e@f.de"] for word in RESERVED}})
    found = propose(table, "customers")
    assert [match.field for match in found.matches if set(match.sources) & set(RESERVED)] == []
    assert set(RESERVED) <= set(found.unused)
