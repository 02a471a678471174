"""`millrace products`, `millrace doctor`: what can be delivered, and whether everything is in place for it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.commands.console import FAILED, Json, speaking


def products(
    client: Annotated[str | None, typer.Argument(metavar="[CLIENT]", help="Only what this client's feeds can serve.")] = None,
    as_json: Json = False,
) -> None:
    """What can be delivered, what it needs, and for which clients."""
    with speaking(as_json=as_json) as console:
        from flows.commands.console import workspace
        from flows.products import every, serving

        space = workspace()
        served = {name: set(serving({space.feed(feed).table.name for feed in space.feeds(name)})) for name in space.clients()}
        if client is not None:
            space.client(client)
        shown = [product for product in every() if client is None or product.name in served[client]]
        document: list[dict[str, Any]] = [
            {"name": p.name, "title": p.title, "question": p.question, "needs": list(p.contracts), "better_with": list(p.better_with),
             "clients": sorted(name for name, names in served.items() if p.name in names)} for p in shown
        ]  # fmt: skip
        lines = [line for entry in document for line in _lines(entry)]
        console.result(lines or [f"the feeds of {client} serve no product yet"], document)


def _lines(entry: dict[str, Any]) -> list[str]:
    better = f"; better with {', '.join(entry['better_with'])}" if entry["better_with"] else ""
    clients = ", ".join(entry["clients"]) or "no client yet"
    return [
        f"{entry['name']:<11} {entry['question']}",
        f"{'':<11} needs {', '.join(entry['needs'])}{better}",
        f"{'':<11} can be served for: {clients}",
    ]


def doctor(as_json: Json = False) -> None:
    """What is installed, what is missing, and the remedy; exit code 1 where something must be mended first."""
    with speaking(as_json=as_json) as console:
        from flows.doctor.examination import examine
        from flows.doctor.finding import healthy
        from flows.settings import load

        found = examine(load())
        lines = [f"{one.state:<8} {one.name:<12} {one.text}" + (f"\n{'':<22}{one.remedy}" if one.remedy else "") for one in found]
        console.result(lines, [one.as_dict() for one in found])
        if not healthy(found):
            raise typer.Exit(FAILED)
