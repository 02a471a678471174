"""Connecting a feed: its files are looked at, a connector is proposed, asked about, written, confirmed; nothing of the files is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from connectors import library
from connectors.answering import answered, confirmed, open_questions
from connectors.drafting import Draft, compose, difference
from connectors.golden import Golden, read_golden
from connectors.homeland import told
from connectors.memory import Memory
from connectors.newcomer import HABITS, client_yaml, guessed
from connectors.proposing.proposal import Match, Proposal, Question
from connectors.proposing.propose import propose
from connectors.proposing.signals import Signals
from connectors.proposing.writing import write
from connectors.sketch import Sketch
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from contracts import contract as contracts
from contracts.digest import sha256_bytes
from contracts.errors import Place, SettingsError
from flows.connected import Connected
from flows.earlier import changes
from flows.home import safe
from flows.placing import Files, goldens, put, schema_text
from flows.viewing import View, view
from flows.workspace import Workspace

NAME = re.compile(r"[a-z0-9_-]+/[a-z0-9_-]+")
Ask = Callable[[Question], str | None]
"""Asks a person; None leaves the question open."""
COUNTRY = Question(
    "country",
    "Which country is the client's? Nothing in the file tells it, and dates, amounts, telephone numbers and postcodes are read by it.",
    "", (), tuple(HABITS),
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What the command was asked for.

    Parameters
    ----------
    feed : str
        As ``client/feed``.
    paths : tuple of Path
    contract, country : str, optional
        As said.
    confirm : bool
    """

    feed: str
    paths: tuple[Path, ...] = ()
    contract: str | None = None
    country: str | None = None
    confirm: bool = False

    @property
    def client(self) -> str:
        """Whose feed."""
        return self.feed.partition("/")[0]

    @property
    def name(self) -> str:
        """The feed's name within its client."""
        return self.feed.partition("/")[2]


def connect(space: Workspace, wish: Wish, ask: Ask | None = None) -> Connected:
    """Propose a connector and write it, where nobody has edited the one that is there; confirm it where that is asked for.

    Raises
    ------
    SettingsError
        NAME-UNSAFE; CONTRACT-NONE where no contract fits and none is named; CONNECTOR-OPEN where a connector with open questions is to be
        confirmed; those of `connectors.library` where one that is to be confirmed is wrong.
    MillraceError
        As reading the files.
    """
    _checked(wish.feed)
    folder, client, why = _client(space, wish)
    if client is not None and wish.country not in (None, client.country):
        raise SettingsError(
            "COUNTRY-SET", "the client is there already, with another country", place=Place(client=wish.client, file="client.yaml"),
            found=client.country, expected=wish.country, hint=f"correct {folder / 'client.yaml'}, then connect again without --country",
        )  # fmt: skip
    if not wish.paths:
        found = Connected(wish.feed, "draft", folder)
    else:
        there = _there(space, wish.feed)
        seen = view(wish.paths, there)
        if client is None:
            client, why = _newcomer(wish, seen, ask)
        found = _proposed(space, wish, folder, client, why, seen, there, ask)
    return _confirmed(space, wish, found) if wish.confirm else found


def forget(space: Workspace, feed: str) -> int:
    """Undo what the memory has learnt from a feed; gives the number of columns."""
    _checked(feed)
    return Memory(space.home.memory).forget(feed)


def _checked(feed: str) -> None:
    if not NAME.fullmatch(feed):
        raise SettingsError(
            "NAME-UNSAFE", "this cannot be the name of a feed", expected="CLIENT/FEED of lower-case letters, digits, dashes, underscores",
            hint="for example acme/customers",
        )  # fmt: skip
    client, _, name = feed.partition("/")
    safe(client, "client")
    if safe(name, "feed") == "client":
        raise SettingsError("NAME-UNSAFE", "a feed cannot be called client", hint="choose another name: client.yaml is the client's own")


def _client(space: Workspace, wish: Wish) -> tuple[Path, ClientSpec | None, tuple[str, ...]]:
    """Where the client's YAML is or will be, and the client where it is known."""
    try:
        return library.home_of(wish.client, space.settings.clients), space.client(wish.client), ()
    except SettingsError as error:
        if error.code != "CLIENT-UNKNOWN":
            raise
        if not wish.paths:
            raise
    return (space.settings.clients or library.SHIPPED) / wish.client, None, ()


def _newcomer(wish: Wish, seen: View, ask: Ask | None) -> tuple[ClientSpec, tuple[str, ...]]:
    """A client that is not known yet; where nothing in the file tells its country, a person is asked."""
    found = told(seen.samples[0].columns)
    country = wish.country or (ask(COUNTRY) if ask and found is None else None)
    return guessed(wish.client, found, country)


def _there(space: Workspace, feed: str) -> FeedSpec | None:
    """The connector that is there, if it can be used."""
    try:
        return space.feed(feed)
    except SettingsError:
        return None


def _proposed(
    space: Workspace,
    wish: Wish,
    folder: Path,
    client: ClientSpec,
    why: tuple[str, ...],
    seen: View,
    there: FeedSpec | None,
    ask: Ask | None,
) -> Connected:
    files, memory = Files(folder, wish.name), Memory(space.home.memory, wish.client, feed=wish.feed)
    golden = read_golden(files.golden)
    mine = not files.yaml.exists() or (golden is not None and golden.drafted == sha256_bytes(files.yaml.read_bytes()))
    found = _found(wish, seen, memory, client, there, ask)
    known = dict(golden.answers) if golden else {}
    proposal, answers = _asked(found, seen, known, ask if mine else None)
    text = compose(
        Draft(wish.feed, proposal, seen.reading, seen.sheets, "append" if contracts.get(proposal.contract).history else "snapshot")
    )
    made = Connected(wish.feed, "draft", folder, seen, proposal, teachers=_teachers(memory, proposal))
    made = replace(made, changes=changes(space, there, seen.sketch(there)) if there else ())
    if not mine:
        return _kept(made, files, text)
    sketch = seen.sketch(contract=proposal.contract)
    return _written(space, made, files, text, client, why, Golden(wish.feed, sketch, sha256_bytes(text.encode()), answers))


def _found(wish: Wish, seen: View, memory: Memory, client: ClientSpec, there: FeedSpec | None, ask: Ask | None) -> Proposal:
    """What the columns are taken for; a connector that is there, or a person, says which contract."""
    contract = wish.contract or (there.table.name if there else None)
    proposal = propose(list(seen.samples), contract and contracts.get(contract).name, memory, client)
    if proposal.contract not in contracts.names():
        chosen = ask(proposal.questions[0]) if ask and proposal.questions else None
        if chosen is None or chosen not in contracts.names():
            names = ", ".join(name for name, _ in sorted(proposal.contracts.items(), key=lambda pair: -pair[1]))
            raise SettingsError(
                "CONTRACT-NONE", "no contract fits the columns of this file", place=Place(feed=wish.feed, file=seen.names[0]),
                expected=names, hint="name one with --contract; millrace inspect FILE shows the columns",
            )  # fmt: skip
        proposal = propose(list(seen.samples), chosen, memory, client)
    return proposal


def _asked(proposal: Proposal, seen: View, known: Mapping[str, str], ask: Ask | None) -> tuple[Proposal, dict[str, str]]:
    """The proposal with the answers of earlier and of now, and all answers that it was asked for."""
    answers = {question.id: known[question.id] for question in proposal.questions if question.id in known}
    columns = {column.name: column for column in seen.samples[0].columns}

    def written(match: Match) -> tuple[Match, tuple[Question, ...]]:
        found = write(match, contracts.get(proposal.contract).fields[match.field], Signals(columns[match.sources[0]]))
        return found.match, found.questions

    skipped: set[str] = set()
    current = answered(proposal, answers, written)
    while ask and (left := [question for question in current.questions if question.id not in skipped]):
        answer = ask(left[0])
        if answer is None:
            skipped.add(left[0].id)
            continue
        answers[left[0].id] = f"{answers[left[0].id]} {answer}" if "=" in answer and left[0].id in answers else answer
        current = answered(current, {left[0].id: answer}, written)
    return current, answers


def _teachers(memory: Memory, proposal: Proposal) -> dict[str, tuple[str, ...]]:
    found = {
        match.field: tuple(sorted({feed for header in match.sources for feed in memory.teachers(header, match.field)}))
        for match in proposal.matches
    }
    return {name: feeds for name, feeds in found.items() if feeds}


def _kept(made: Connected, files: Files, text: str) -> Connected:
    """The file that is there stays; what would be proposed now is shown beside it."""
    there = files.yaml.read_text(encoding="utf-8")
    status = "draft"
    try:
        status = library.read_feed(files.yaml).status
        problem = None
    except SettingsError as error:
        problem, status = error, "unreadable"
    text = confirmed(text) if status == "confirmed" else text
    why = "it was edited" if status != "confirmed" else "it is confirmed"
    return replace(
        made, status=status, kept=why, diff=tuple(difference(there, text, files.yaml.name)), open=open_questions(there), problem=problem
    )  # fmt: skip


def _written(
    space: Workspace, made: Connected, files: Files, text: str, client: ClientSpec, why: tuple[str, ...], golden: Golden
) -> Connected:
    files.folder.mkdir(parents=True, exist_ok=True)
    written = [put(files.folder / "client.yaml", client_yaml(client, why))] if not (files.folder / "client.yaml").exists() else []
    if made.proposal:
        schema = put(files.folder.parent / f"{made.proposal.contract}.schema.json", schema_text(made.proposal.contract))
        written += [f"../{schema}"] if schema else []
    written += [put(files.yaml, text)]
    more, problem = goldens(files, client, golden)
    names = tuple(name for name in (*written, *more) if name)
    about = (f"{client.country}, {client.language}, {client.time_zone}, {client.currency}", *why) if why else ()
    return replace(
        made, newcomer=about, written=names, open=open_questions(text), problem=problem, status="unreadable" if problem else "draft"
    )


def _confirmed(space: Workspace, wish: Wish, made: Connected) -> Connected:
    files = Files(made.folder, wish.name)
    library.load_feed(wish.feed, space.settings.clients)  # a mistake in it is told before anything is changed
    text = files.yaml.read_text(encoding="utf-8")
    if waiting := open_questions(text):
        raise SettingsError(
            "CONNECTOR-OPEN", f"open questions in the connector: {len(waiting)}",
            place=Place(client=wish.client, feed=wish.feed, file=files.yaml.name), details=[f"? {id}: {asked}" for id, asked in waiting],
            hint=f"answer at the terminal: millrace connect {wish.feed} FILE; or in the file, and take away the lines that begin with # ?",
        )  # fmt: skip
    written = [put(files.yaml, confirmed(text))]
    feed, client = library.load_feed(wish.feed, space.settings.clients), space.client(wish.client)
    golden = read_golden(files.golden) or Golden(wish.feed, made.seen.sketch(feed) if made.seen else Sketch(0, ()))
    if golden.sketch.looks:
        more, problem = goldens(files, client, replace(golden, drafted=None))
        written += more
        if problem:
            raise problem
    learnt = Memory(space.home.memory).teach(feed, golden.sketch.shapes)
    names = tuple(dict.fromkeys(name for name in (*made.written, *written) if name))
    return replace(made, status="confirmed", written=names, open=(), kept=None, learnt=learnt, problem=None)
