"""A proposal as the YAML of a feed, with the reasons as comments and open questions as lines that begin with ``# ?``."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, get_args

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from connectors.columns import kind_of
from connectors.memory import like_a_value
from connectors.proposing.proposal import Match, Proposal, Question
from connectors.reading.decision import Reading
from connectors.spec.column import POSITION, RESERVED, ColumnSpec, Kind
from contracts import contract as contracts
from contracts.contract import Contract

WIDTH = 120
BIRTH_YEAR = "birth_year"
"""Name of the extension for years of birth; steps that derive an age know it."""
OPEN = "# ? "
"""Before an open question: its id, a colon, the question."""


@dataclass(frozen=True)
class Draft:
    """What is to be drafted.

    Parameters
    ----------
    feed : str
        As ``client/feed``.
    proposal : Proposal
        With the answers that were given.
    reading : Reading
        Of the first file.
    sheets : int
        Sheets of its workbook: the one that was read is named where there are several.
    mode : str
        Of the feed.
    """

    feed: str
    proposal: Proposal
    reading: Reading
    sheets: int = 0
    mode: str = "snapshot"

    @property
    def table(self) -> Contract:
        """The contract."""
        return contracts.get(self.proposal.contract)


_MEANT = re.compile(r"^\s*# (\? |[a-z][a-z_]*: \S)")
"""Comments that are more than a remark: an open question, a column that is commented out."""


def compose(draft: Draft) -> str:
    """The YAML of a feed.

    Accepted columns stand there with their reasons above them. A column that is asked about is commented out, as nothing is guessed, unless
    the contract requires its field.

    Examples
    --------
    >>> match = Match("email", ("E-Mail",), "email", 0.99, "accepted", ("the header is a known name",))
    >>> print(compose(Draft("acme/people", Proposal("customers", {}, (match,), (), (), ()), Reading("delimited"))))
    # yaml-language-server: $schema=../customers.schema.json
    feed: acme/people
    contract: customers@1.0
    status: draft
    mode: snapshot
    columns:
      # No column names the customer: the record's number is the key. Equal rows are different customers.
      customer_id: record_position
      # 99 %: the header is a known name
      email: E-Mail
    <BLANKLINE>
    """
    parts = [_head(draft), _reading(draft), _columns(draft), _extensions(draft), _rest(draft)]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    yield f"# yaml-language-server: $schema=../{draft.table.name}.schema.json"
    if _asked(draft.proposal):
        yield from comment(
            'A line that begins with "# ?" is an open question. Answer it here and take the line away, or answer at the terminal: '
            f"millrace connect {draft.feed} FILE. Then: millrace connect {draft.feed} --confirm"
        )
    yield f"feed: {draft.feed}"
    yield f"contract: {draft.table.id}"
    yield "status: draft"
    yield f"mode: {draft.mode}"


def _reading(draft: Draft) -> Iterator[str]:
    """What was found about the file, as a comment: it is found anew in each file. A sheet among several is said."""
    found = [f"{name.replace('_', ' ')} {_shown(one.value)} ({one.confidence:.0%})" for name, one in draft.reading.decisions.items()
             if name in ("encoding", "delimiter", "sheet", "header_row", "widths", "path")]  # fmt: skip
    if found:
        yield from comment(f"The first file: {', '.join(found)}. Nothing need be said here: it is found anew in each file.")
    if draft.sheets > 1 and draft.reading.sheet:
        yield f"reading: {flow({'sheet': draft.reading.sheet})}"


def _shown(value: Any) -> str:
    return ascii(value) if isinstance(value, str) and not value.isalnum() and len(value) < 9 else str(value)


def _columns(draft: Draft) -> Iterator[str]:
    yield "columns:"
    matches = {match.field: match for match in draft.proposal.matches}
    asked = _asked(draft.proposal)
    for name, field in draft.table.fields.items():
        for question in asked.get(name, ()):
            yield from _question(question)
        if name in matches and matches[name].part != "birth_year":
            yield from _column(matches[name], draft.table, required=field.required)
        elif field.required:
            yield from _missing(name, draft.table, asked=name in asked)


def _asked(proposal: Proposal) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for question in proposal.questions:
        found.setdefault(question.field, []).append(question)
    parts = {match.sources for match in proposal.matches if match.part and match.field in found}
    for match in proposal.matches:  # a question about one part of a column is about all of them
        if match.decision == "question" and match.field not in found and not (match.part and match.sources in parts):
            found[match.field] = [Question(f"column:{match.field}", f"Is this {match.field}?", match.field, match.sources, ())]
    return found


def _question(question: Question) -> Iterator[str]:
    first, *more = textwrap.wrap(f"{question.id}: {question.text}", WIDTH)
    yield f"  {OPEN}{first}"
    yield from (f"  #   {line}" for line in more)
    for word in question.words:
        yield f"  {OPEN}  {word.shown}"
    if question.options:
        yield from comment(f"  one of: {', '.join(question.options)}", "  ")
    if question.examples and not question.words:
        yield from comment(f"  values look like {' · '.join(question.examples)}", "  ")


def _column(match: Match, table: Contract, *, required: bool) -> Iterator[str]:
    yield from comment(f"{match.confidence:.0%}".replace("%", " %") + f": {'; '.join(match.why)}", "  ")
    line = f"{match.field}: {entry(match, table)}"
    yield f"  # {line}" if match.decision == "question" and not required else f"  {line}"


def _extensions(draft: Draft) -> Iterator[str]:
    """Years of birth: the contract has no field for them, and an age or a day would be invented."""
    years = [match for match in draft.proposal.matches if match.part == "birth_year"]
    if years:
        yield "extensions:" if any(match.decision == "accepted" for match in years) else "# extensions:"
    for match in years:
        yield from comment(f"{match.confidence:.0%}".replace("%", " %") + f": {'; '.join(match.why)}", "  ")
        line = f"{BIRTH_YEAR}: {flow(extension_of(match))}"
        yield f"  # {line}" if match.decision == "question" else f"  {line}"


def _missing(name: str, table: Contract, *, asked: bool) -> Iterator[str]:
    """A required field without a source: the record's number where the table's key is nothing else."""
    if table.key == (name,):
        yield from comment("No column names the customer: the record's number is the key. Equal rows are different customers.", "  ")
        yield f"  {name}: {POSITION}"
    elif not asked:
        yield f"  {OPEN}missing:{name}: the contract requires {name}, and no column seems to hold it"


def _rest(draft: Draft) -> Iterator[str]:
    unused, absent = draft.proposal.unused, [name for name in draft.proposal.absent if not draft.table.fields[name].required]
    named = [header for header in unused if not like_a_value(header)]
    if named:
        yield from comment("Columns that no field takes; one that matters can become a field of the feed's own under `extensions:`.")
        yield f"ignored: {flow(named)}"
    if len(named) < len(unused):
        yield from comment(f"{len(unused) - len(named)} more columns have names that look like values: has the file a header?")
    if absent:
        yield from comment(f"Fields without a column: {', '.join(absent)}.")


def comment(text: str, indent: str = "") -> Iterator[str]:
    """A comment over as many lines as it takes; signs that end a line in YAML become spaces."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    yield from (f"{indent}# {line}" for line in textwrap.wrap(plain, WIDTH, break_on_hyphens=False, drop_whitespace=True))


def entry(match: Match, table: Contract) -> str:
    """What stands behind a field's name: a header, or everything that is to be said, on one line of YAML.

    Examples
    --------
    >>> table = contracts.get("customers")
    >>> entry(Match("gender", ("Anrede",), "category", 0.9, "accepted", (), values={"Frau": "female"}), table)
    '{from: Anrede, values: {Frau: female}}'
    >>> entry(Match("birth_date", ("yes",), "day", 0.9, "accepted", (), dates="dmy"), table)
    '{from: yes, dates: dmy}'
    """
    said = column_of(match, table)
    return flow(said["from"] if set(said) == {"from"} and isinstance(said["from"], str) else said)


def column_of(match: Match, table: Contract) -> dict[str, Any]:
    """A match by the keys of `ColumnSpec`, without what goes without saying."""
    several = len(match.sources) > 1
    said: dict[str, Any] = {"from": list(match.sources) if several else match.sources[0]}
    said |= {"join": match.join} if several and match.join != " " else {}
    said |= {name: getattr(match, name) for name in ("of", "part", "names", "dates", "decimal") if getattr(match, name) is not None}
    if match.thousands is not None and match.thousands != match.decimal:
        said["thousands"] = match.thousands
    said |= {"values": dict(match.values)} if match.values else {}
    said |= {"otherwise": match.otherwise} if match.otherwise != "fail" else {}
    said |= {"null_words": list(match.null_words)} if match.null_words else {}
    if match.parse in get_args(Kind) and not set(match.sources) & set(RESERVED):
        plain = ColumnSpec.model_validate({key: value for key, value in said.items() if key in ("from", "values")})
        if kind_of(table.fields[match.field], plain) != match.parse and table.fields[match.field].type_word == "text":
            said["parse"] = match.parse
    return said


def extension_of(match: Match) -> dict[str, Any]:
    """A column of years of birth by the keys of `ExtensionSpec`.

    Examples
    --------
    >>> extension_of(Match("age", ("Jahrgang",), "number", 0.9, "accepted", (), part="birth_year"))["part"]
    'birth_year'
    """
    return {
        "from": match.sources[0], "part": "birth_year", "title": "Birth year", "meaning": "Year of birth.", "type": "whole",
        "role": "info", "personal": "quasi",
    }  # fmt: skip


def flow(value: Any) -> str:
    """A value as YAML on one line, quoted where it must be.

    Examples
    --------
    >>> flow({"from": ["a: b", "c"], "values": {"1": True, "no": "x"}, "null_words": ["-", "# x", "null"]})
    "{from: ['a: b', c], values: {'1': true, no: x}, null_words: ['-', '# x', 'null']}"
    """
    yaml = YAML(pure=True)
    yaml.width = 1 << 20
    yaml.allow_unicode = True
    text = io.StringIO()
    yaml.dump([_flowing(value)], text)
    return text.getvalue().strip().removeprefix("- ").strip()


def _flowing(value: Any) -> Any:
    made: CommentedMap | CommentedSeq
    if isinstance(value, Mapping):
        made = CommentedMap((key, _flowing(each)) for key, each in value.items())
    elif isinstance(value, list | tuple):
        made = CommentedSeq([_flowing(each) for each in value])
    else:
        return value
    made.fa.set_flow_style()
    return made


def difference(there: str, proposed: str, name: str) -> list[str]:
    """What would change in a file, as a unified diff; empty where nothing would.

    Remarks are left out of both sides, as evidence differs from file to file; open questions and columns that are commented out are not.

    Examples
    --------
    >>> difference("a: 1\\n# 99 %: so\\nb: 1\\n", "a: 1\\n# 98 %: or so\\nb: 2\\n", "people.yaml")
    ['--- people.yaml (as it is)', '+++ people.yaml (as proposed now)', '@@ -1,2 +1,2 @@', ' a: 1', '-b: 1', '+b: 2']
    """
    names = (f"{name} (as it is)", f"{name} (as proposed now)")
    return list(unified_diff(_said(there), _said(proposed), *names, lineterm=""))


def _said(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.lstrip().startswith("#") or _MEANT.match(line)]
