"""Gate evidence for us: every gate and every drift measure with its limit, as JSON and as one small page."""

from __future__ import annotations

import json
from pathlib import Path

from reports import view
from reports.facts import Facts
from reports.judged import judgement
from reports.page import render
from reports.plain import as_plain


def write_evidence(facts: Facts, folder: Path) -> list[Path]:
    """Write ``pack/internal``: gates.json and gates.html; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {
        "run": facts.evidence.run,
        "client": facts.client.name,
        "product": facts.product.name,
        "status": as_plain(facts.status),
        "verdict": as_plain(facts.verdict),
        "gates": as_plain(facts.gates),
        "drift_judged": facts.trust.drift_judged,
        "drift": as_plain(facts.trust.drift),
        "accuracy": as_plain(facts.trust.accuracy),
        "too_good": as_plain(facts.trust.too_good),
        "models": as_plain(facts.trust.models),
    }
    written = [folder / "gates.json", folder / "gates.html"]
    written[0].write_text(json.dumps(known, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    written[1].write_text(evidence_page(facts), encoding="utf-8", newline="\n")
    return written


def evidence_page(facts: Facts) -> str:
    """The page of gates.html."""
    return render("gates.html.j2", view.head(facts) | judgement(facts))


def write_facts(facts: Facts, path: Path) -> None:
    """Keep the facts, so that the pack can be drawn again."""
    path.write_text(json.dumps(facts.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def read_facts(path: Path) -> Facts:
    """The inverse of `write_facts`."""
    return Facts.from_dict(json.loads(path.read_text(encoding="utf-8")))
