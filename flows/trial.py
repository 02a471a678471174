"""Trial: files, or a client's feeds, as they would be read, without taking anything into the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from connectors.drafting import BIRTH_YEAR, extension_of
from connectors.homeland import told
from connectors.newcomer import guessed
from connectors.proposing.proposal import Match, Proposal
from connectors.spec.client import ClientSpec
from connectors.spec.column import POSITION, ColumnSpec, Kind
from connectors.spec.extension import ExtensionSpec
from connectors.spec.feed import FeedSpec
from contracts import contract as contracts
from contracts.errors import ColumnsError, Place, RunError
from flows.arrivals import expanded, named
from flows.conductor import Conductor
from flows.home import Home
from flows.intake import Arrival, intake
from flows.integrity import sound
from flows.order import Source
from flows.stored import Stored
from flows.submissions import current
from flows.workspace import Workspace

NEW = "new-client"
"""Name of the client of files for which no connector exists."""


@dataclass(frozen=True)
class Trial:
    """What is looked at.

    Parameters
    ----------
    client : ClientSpec
    known : bool
        The client is set up.
    sources : mapping of str to Source
        By contract.
    proposals : mapping of str to Proposal
        By contract, where no connector exists.
    """

    client: ClientSpec
    known: bool
    sources: Mapping[str, Source]
    proposals: Mapping[str, Proposal]


def trial(conduct: Conductor, workspace: Workspace, words: Sequence[str], scratch: Path) -> Trial:
    """Look at files without a connector, at a client's feed (``client/feed``) or at all its feeds (``client``).

    Files after a client are read by its connectors, as on the line of a delivery; of its other feeds what was taken in is looked at.

    Parameters
    ----------
    scratch : Path
        A private folder; what is read stays there.

    Raises
    ------
    RunError
        SUBMISSION-MISSING where a feed has nothing to look at.
    MillraceError
        Of reading, connecting and intake.
    """
    first = words[0]
    client, _, feed = first.partition("/")
    if not Path(first).exists() and client in workspace.clients():
        if feed:
            workspace.feed(first)
        rest = ([f"{feed}={words[1]}", *words[2:]] if feed else list(words[1:])) if len(words) > 1 else []
        return _of_client(conduct, workspace, client, feed, rest, scratch)
    return _of_files(conduct, workspace, [path for word in words for path in expanded(word)], scratch)


def _of_client(conduct: Conductor, workspace: Workspace, client: str, feed: str, words: Sequence[str], scratch: Path) -> Trial:
    own = _elsewhere(workspace, scratch, workspace.settings.clients)
    arrived = {one.feed: intake(conduct, own, one) for one in named(workspace, client, words, draft=True)}
    made: dict[str, Source] = {}
    for name in sorted(workspace.feeds(client), key=lambda name: name != f"{client}/{feed}"):
        spec = workspace.feed(name)
        stored = (sound(arrived[name]),) if name in arrived else _standing(workspace, spec)
        if stored and spec.table.name not in made:
            made[spec.table.name] = Source(spec, stored)
    if not made or (feed and not any(source.feed.name == feed for source in made.values())):
        which = f"{client}/{feed}" if feed else client
        raise RunError(
            "SUBMISSION-MISSING", f"nothing of {which} has been taken in yet", place=Place(client=client),
            hint=f"name a file: millrace assess {which} FILE",
        )  # fmt: skip
    return Trial(workspace.client(client), True, made, {})


def _standing(workspace: Workspace, spec: FeedSpec) -> tuple[Stored, ...]:
    """What was taken in and stands: all of a feed whose files add up, else the newest."""
    every = current(workspace.home, spec.client, spec.name)
    return tuple(sound(each) for each in (every if spec.mode == "append" else every[-1:]))


def _of_files(conduct: Conductor, workspace: Workspace, paths: Sequence[Path], scratch: Path) -> Trial:
    """Files that no connector knows, read as they are proposed to be."""
    from connectors.proposing.choosing import CANDIDATES
    from connectors.proposing.column import sample
    from connectors.proposing.propose import propose
    from connectors.reading.source import open_source

    groups: dict[str, list[Path]] = {}
    proposals: dict[str, Proposal] = {}
    land: tuple[str, str] | None = None
    for path in paths:
        rows = sample(open_source(path))
        land = land or told(rows.columns)
        found = propose(rows, client=land[0] if land else None)
        if found.contract not in contracts.names():
            raise ColumnsError(
                "CONTRACT-NONE", "no contract fits the columns of this file", place=Place(file=path.name),
                expected=", ".join(CANDIDATES),
                hint="millrace inspect FILE shows the columns; a file that is of one all the same is connected first, with --contract",
            )  # fmt: skip
        proposals.setdefault(found.contract, found)
        groups.setdefault(found.contract, []).append(path)
    client = guessed(NEW, land)[0].model_copy(update={"title": "A new client"})
    own = _elsewhere(workspace, scratch, _written(scratch / "clients", client, proposals))
    made = {}
    for contract, files in groups.items():
        feed = own.feed(f"{NEW}/{contract}")
        stored = intake(conduct, own, Arrival(feed.feed, tuple(files), draft=True))
        made[contract] = Source(feed, (sound(stored),))
    return Trial(client, False, made, proposals)


def _written(folder: Path, client: ClientSpec, proposals: Mapping[str, Proposal]) -> Path:
    """Connectors as files, which is where a workspace looks for them; JSON is YAML."""
    place = folder / client.name
    place.mkdir(parents=True)
    specs = {"client": client, **{name: spec_of(found, f"{client.name}/{name}") for name, found in proposals.items()}}
    for name, spec in specs.items():
        data = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        (place / f"{name}.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def spec_of(proposal: Proposal, feed: str) -> FeedSpec:
    """A proposal as a draft connector; what is still a question is taken as proposed.

    A key that no column gives is the record's position.

    Examples
    --------
    >>> from connectors.proposing.proposal import Match
    >>> found = Proposal("customers", {}, (Match("age", ("Alter",), "number", 0.9, "accepted", ()),), (), (), ())
    >>> {name: column.source for name, column in spec_of(found, "acme/customers").columns.items()}
    {'customer_id': ('record_position',), 'age': ('Alter',)}
    """
    table = contracts.get(proposal.contract)
    columns = {name: _column({"from": [POSITION]}) for name, known in table.fields.items() if known.required and name in table.key}
    years = [match for match in proposal.matches if match.part == "birth_year"]
    columns |= {match.field: _column(_said(match)) for match in proposal.matches if match not in years}
    extensions = {BIRTH_YEAR: ExtensionSpec.model_validate(extension_of(years[0]))} if years else {}
    return FeedSpec(feed=feed, contract=table.id, columns=columns, extensions=extensions)


def _column(said: Mapping[str, Any]) -> ColumnSpec:
    return ColumnSpec.model_validate({name: value for name, value in said.items() if value})


def _said(match: Match) -> dict[str, Any]:
    """A match in the words of a connector."""
    same = ("of", "part", "names", "join", "otherwise", "null_words", "dates", "decimal", "thousands")
    parse = match.parse if match.parse in get_args(Kind) else None
    return {"from": match.sources, "values": dict(match.values), "parse": parse, **{name: getattr(match, name) for name in same}}


def _elsewhere(workspace: Workspace, scratch: Path, clients: Path | None) -> Workspace:
    """The workspace with a home of its own, so that nothing is taken into the real one."""
    return replace(workspace, home=Home.open(scratch / "home"), settings=workspace.settings.model_copy(update={"clients": clients}))
