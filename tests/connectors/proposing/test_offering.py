"""What else is offered where no column is a field's for certain."""

from __future__ import annotations

import pyarrow as pa

from connectors.answering import answered
from connectors.proposing.proposal import Proposal
from connectors.proposing.propose import propose


def test_an_address_of_e_mail_is_offered_where_no_column_names_the_customer_for_certain() -> None:
    rows = range(40)
    first = {"Id": [f"{5_550_001 + n}" for n in rows], "Email": [f"u{n % 7}@firma.de" for n in rows]}
    lines = {"Lineitem quantity": ["1", "2"] * 20, "Lineitem price": ["9.50", "1.20"] * 20, "Created at": ["2024-05-13"] * 40}
    table = {"Name": [f"#{1000 + n // 2}" for n in rows], **{name: [v if n % 2 == 0 else None for n, v in enumerate(values)]
             for name, values in first.items()}, **lines}  # fmt: skip
    found = propose(pa.table(table), "transactions")
    question = next(each for each in found.questions if each.field == "customer_id")
    assert question.options == ("Id", "Email", "none")
    assert "'Email'" in question.text
    taken = answered(found, {question.id: "Email"})
    assert _source(taken) == ("Email",)
    assert taken.unused == ("Id",)
    assert answered(found, {question.id: "none"}).unused == ("Id", "Email")


def _source(found: Proposal) -> tuple[str, ...]:
    match = found.match("customer_id")
    return match.sources if match else ()
