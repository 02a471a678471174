"""The data dictionary: a contract as a page that a business person reads, made from its definition alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from contracts.contract import Contract
from contracts.extent import extent
from contracts.fields import Field
from contracts.phrases import PERSONAL, ROLES, limits, listed, on_bad, percent, rule, type_words, unit
from contracts.rules import ForeignKey, Stated
from contracts.standard.labels import labels
from reports import words
from reports.examples import example
from reports.page import render
from reports.theme import DEFAULT, readable

FAULTS = {
    "not_null": "is empty",
    "unique": "occurs twice",
    "isin": "is not one of the codes",
    "str_matches": "is not of the form",
    "str_length": "is too short or too long",
    "ge": "is too small",
    "gt": "is too small",
    "le": "is too large",
    "lt": "is too large",
}
PATTERNS = ("str_matches", "str_contains")


@dataclass(frozen=True)
class Serving:
    """What a contract is for.

    Parameters
    ----------
    needed, better, delivers : tuple of (title, question)
        Products that cannot be made without it, that are better with it, and that deliver it.
    """

    needed: tuple[tuple[str, str], ...] = ()
    better: tuple[tuple[str, str], ...] = ()
    delivers: tuple[tuple[str, str], ...] = ()


def page(contract: Contract, serving: Serving, others: Mapping[str, Contract] | None = None, pages: Collection[str] = ()) -> str:
    """The page; it names no client.

    Parameters
    ----------
    contract : Contract
    serving : Serving
    others : mapping, optional
        Contracts that this one belongs to, by name.
    pages : collection of str
        Those of them whose page ``NAME.html`` lies beside this one.

    Examples
    --------
    >>> from contracts.contract import get
    >>> "Day of birth." in page(get("customers"), Serving())
    True
    """
    return render("dictionary.html.j2", view(contract, serving, others or {}, pages))


def view(contract: Contract, serving: Serving, others: Mapping[str, Contract], pages: Collection[str]) -> dict[str, Any]:
    """Everything that the template may ask for."""
    said = labels(contract)
    fields = [field_(one, contract, said.get(one.name, {})) for one in contract.fields.values()]
    between = {(one.name, one.fields) for one in contract.rules}
    return {
        "theme": {"accent": DEFAULT, "ink": readable(DEFAULT)},
        "id": contract.id,
        "title": contract.title,
        "meaning": contract.meaning or f"Data contract: {contract.row}.",
        "incoming": contract.direction == "input",
        "row": contract.row,
        "key": _key(contract),
        "repeats": _repeats(contract),
        "links": [_link(one, contract, others, pages) for one in contract.references],
        "needed": [{"title": title, "question": question} for title, question in serving.needed],
        "better": [{"title": title, "question": question} for title, question in serving.better],
        "delivers": [{"title": title, "question": question} for title, question in serving.delivers],
        "must": words.plural(sum(one.required for one in contract.fields.values()), "column"),
        "may": words.plural(sum(not one.required for one in contract.fields.values()), "column"),
        "fields": fields,
        "rules": [_rule(one, contract) for one in contract.stated if (one.rule, one.fields) in between],
        "names": _names(contract),
    }


def _key(contract: Contract) -> str:
    if not contract.key:
        return "Nothing names a row: two equal rows are two rows."
    titles = [contract.fields[name].title for name in contract.key]
    return f"{titles[0]}: no two rows have the same." if len(titles) == 1 else f"{listed(titles)} together: no two rows have the same."


def _repeats(contract: Contract) -> str:
    done = "Every one of them counts." if contract.duplicates == "keep" else "One of them counts, the others are set aside."
    return contract.repeats or done


def _link(reference: ForeignKey, contract: Contract, others: Mapping[str, Contract], pages: Collection[str]) -> dict[str, str]:
    other = others.get(reference.contract)
    there = [other.fields[name].title if other and name in other.fields else name.replace("_", " ") for name in reference.to]
    share = reference.tolerated
    return {
        "here": listed([contract.fields[name].title for name in reference.fields]),
        "to": listed(there),
        "other": other.title if other else reference.contract,
        "name": reference.contract,
        "page": f"{reference.contract}.html" if reference.contract in pages else "",
        "found": f"up to {percent(share)} of the rows may find none" if share else "every row must find one",
    }


def _rule(stated: Stated, contract: Contract) -> dict[str, str]:
    blamed, said = contract.fields[stated.fields[0]], str(stated.value)
    done = on_bad(blamed) if stated.scope == "row" else "the rows stay; the check of a file says how many there are"
    return {"says": _sentence(said), "about": blamed.title, "done": done, "tolerated": _tolerated(stated.tolerated)}


def field_(field: Field, contract: Contract, said: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """A field's entry; `said` has what its codes stand for.

    Examples
    --------
    >>> from contracts.contract import get
    >>> customers = get("customers")
    >>> shown = field_(customers.fields["income"], customers)
    >>> shown["type"], shown["unit"], shown["example"], shown["empty"]
    ('a number, at least 0', 'money per year, in the client’s currency', '38000', 'may be empty')
    """
    sort = [type_words(field), *(text for text in limits(field) if not text.startswith("of the form"))]
    if field.unique:
        sort.append("each value once only")
    invented = example(field)
    return {
        "name": field.name,
        "title": field.title,
        "meaning": field.meaning,
        "type": ", ".join(["one of these codes"] if field.allowed else sort),
        "short": "a code" if field.allowed else "money" if (field.unit or "").startswith("currency") else type_words(field),
        "pattern": [str(given) for name, given in extent(field).rest if name in PATTERNS],
        "unit": unit(field, {name: one.title for name, one in contract.fields.items()}).replace("'", "’"),
        "codes": [{"code": code, "meaning": said.get(code, code.replace("_", " "))} for code in field.allowed or ()],
        "spelt": bool(said) or any("_" in code for code in field.allowed or ()),
        "example": invented if invented is not None and not field.allowed else "",
        "required": field.required,
        "presence": "must be there" if field.required else "may be left out",
        "empty": "may be empty" if field.nullable else "may not be empty",
        "bad": _sentence(on_bad(field)),
        "tolerated": list(_tolerances(field)),
        "personal": PERSONAL[field.personal],
        "direct": field.personal == "direct",
        "role": ROLES[field.role],
        "key": field.name in contract.key,
        "also": list(field.synonyms),
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tolerances(field: Field) -> Iterator[str]:
    yield _tolerated(field.tolerated)
    for name, share in field.tolerances:
        fault = FAULTS.get(name, f"breaks {rule(name, '')}")
        yield f"where a value {fault}: {percent(share)}"


def _tolerated(share: float) -> str:
    if share >= 1:
        return "any number of rows"
    return f"up to {percent(share)} of the rows" if share else "not a single row"


def _names(contract: Contract) -> list[dict[str, str]]:
    """Every name that a column may have, in the order of the alphabet, with its field."""
    known: dict[str, tuple[str, Field]] = {}
    for field in contract.fields.values():
        for name in (field.title, field.name.replace("_", " "), *field.synonyms):
            known.setdefault(name.casefold(), (name, field))
    ordered = sorted(known.items(), key=lambda pair: (words.folded(pair[0]), pair[0]))
    return [{"name": name, "field": field.name, "title": field.title} for _, (name, field) in ordered]
