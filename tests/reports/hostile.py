"""The sample's facts and scores with an attack in every text."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from reports.facts import Facts
from tests.reports.sample import facts

ATTACKS = (
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "</script><script>window.millraceHit=1</script>",
    "<img src=x onerror=window.millraceHit=1>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x00\x07\x1bbell\x9f\ud800",
    "http://evil.example/\r\nSet-Cookie: a=b",
    "javascript:window.millraceHit=1",
    "\"><svg onload=window.millraceHit=1>",
    "#REF!",
    "＝1+1",
    "$\\frac{1}{2}$ {{ 7*7 }} {% raw %}",
    "電話番号 العربية 🦊",
    "_x0041_ &amp; ]]> <!-- -->",
    "x" * 40_000,
    "id=\"main\" href=\"#x\" url(#y)",
    "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
KEPT = {"word", "outcome", "verdict", "accent", "as_of", "kind", "unit", "name"}


def hostile_facts() -> Facts:
    """Each text replaced, but words of closed lists and the names of columns."""
    number = iter(range(10**6))

    def attack(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: attack(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [attack(v, key) for v in value]
        if isinstance(value, str) and value and key not in KEPT:
            return ATTACKS[next(number) % len(ATTACKS)]
        return value

    plain = facts(160).as_dict()
    hit = attack(plain)
    hit["verdict"]["outcome"], hit["gates"] = "fail", [g | {"unit": "share"} for g in hit["gates"]]
    hit["verdict"]["sentence"] = ATTACKS[1]
    hit["client"]["name"], hit["feeds"][0]["files"][0]["name"] = ATTACKS[2], ATTACKS[0]
    return Facts.from_dict(hit)


def hostile_texts(rows: int) -> pa.Array:
    """A column of attacks that Arrow can hold."""
    held = [text.encode("utf-8", "ignore").decode() for text in ATTACKS]
    return pa.array([held[n % len(held)] for n in range(rows)])
