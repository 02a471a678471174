"""Contracts and their differences in lines for a terminal and as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.change import Change
from contracts.contract import Contract
from contracts.fields import Field
from contracts.phrases import effective, limits, listed, percent, type_words, unit
from contracts.rules import Stated
from flows.commands.connection import row, wrapped
from flows.products import every
from flows.usage import Feed, Touch, Usage
from reports.words import plural

DONE = {"reject": "else the row is set apart", "blank": "else the cell is left empty", "warn": "else a warning"}
MOST = 6
"""Touched ones of a kind named behind a change."""


@dataclass(frozen=True)
class Known:
    """A contract as it is listed.

    Parameters
    ----------
    contract : Contract
    source : str
        ``shipped``, or the path of the file that was imported.
    feeds : tuple of Feed
    """

    contract: Contract
    source: str
    feeds: tuple[Feed, ...] = ()


def serving(name: str) -> dict[str, list[str]]:
    """Names of the products that need a contract, are better with it, and deliver it.

    Examples
    --------
    >>> serving("transactions")
    {'needed_by': ['lifetimes', 'repurchase'], 'better_for': ['churn', 'response'], 'delivered_by': []}
    """
    return {
        "needed_by": [product.name for product in every() if name in product.contracts],
        "better_for": [product.name for product in every() if name in product.better_with],
        "delivered_by": [product.name for product in every() if name == product.output],
    }


def list_lines(known: Sequence[Known]) -> list[str]:
    """Three lines a contract."""
    wide = max((len(one.contract.id) for one in known), default=0)
    said: list[str] = []
    for one in known:
        contract, more = one.contract, "" if one.source == "shipped" else f"; from {one.source}"
        said += wrapped(f"{contract.id:<{wide}}  ", f"{contract.row}: {plural(len(contract.fields), 'field')}, {_key(contract)}")
        said += wrapped(" " * (wide + 2), "; ".join([*_products(contract.name), _feeds(one.feeds, contract)]) + more)
    return said


def list_document(known: Sequence[Known]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {"id": one.contract.id, "name": one.contract.name, "version": one.contract.version, "title": one.contract.title,
         "row": one.contract.row, "key": list(one.contract.key), "fields": len(one.contract.fields), "direction": one.contract.direction,
         "source": one.source, **serving(one.contract.name),
         "feeds": [{"feed": feed.name, "status": feed.status} for feed in one.feeds]} for one in known
    ]  # fmt: skip


def _key(contract: Contract) -> str:
    return f"named by {listed(contract.key)}" if contract.key else "without a key"


def _products(name: str) -> Iterator[str]:
    words = {"needed_by": "needed for", "better_for": "better with it:", "delivered_by": "delivered by"}
    yield from (f"{words[kind]} {', '.join(found)}" for kind, found in serving(name).items() if found)


def _feeds(feeds: Sequence[Feed], contract: Contract) -> str:
    if contract.direction == "output":
        return "no client sends it"
    said = [one.name + ("" if one.status == "confirmed" else f" ({one.status})") for one in feeds]
    return f"feeds: {', '.join(said)}" if said else "no feed of it yet"


def show_lines(one: Known) -> list[str]:
    """A contract with all that it asks."""
    contract = one.contract
    said = [*wrapped(f"{contract.id}  ", f"{contract.title}: {contract.row}")]
    said += row("meaning", contract.meaning) if contract.meaning else []
    said += row("key", listed(contract.key) if contract.key else "none")
    said += row("repeats", contract.repeats or ("kept" if contract.duplicates == "keep" else "set aside"))
    for reference in contract.references:
        said += row("belongs to", f"{reference}; up to {percent(reference.tolerated)} of the rows may have none there")
    said += row("used", "; ".join([*_products(contract.name), _feeds(one.feeds, contract)]))
    said += row("from", one.source)
    said += [line for text in contract.unjudged for line in row("not judged", text)]
    said += ["", "fields", *(line for field in contract.fields.values() for line in _field(field, contract))]
    between = {(rule.name, rule.fields) for rule in contract.rules}
    rules = [stated for stated in contract.stated if (stated.rule, stated.fields) in between]
    said += ["", "rules between fields", *(line for stated in rules for line in _rule(stated))] if rules else []
    return said


def _field(field: Field, contract: Contract) -> Iterator[str]:
    wide = max(map(len, contract.fields))
    said = " ".join(part for part in (f"{field.title}.", field.meaning, asked(field, contract)) if part)
    yield from wrapped(f"  {field.name:<{wide}}  {field.type_word:<6}  ", said)


def asked(field: Field, contract: Contract) -> str:
    """What a field asks, in a sentence.

    Examples
    --------
    >>> from contracts.contract import get
    >>> customers = get("customers")
    >>> asked(customers.fields["age"], customers), asked(customers.fields["customer_id"], customers)
    ('In years; 0 to 120, else the cell is left empty.', 'Must be there, never empty, 1 to 64 characters, else the row is set apart.')
    """
    wants = ["must be there"] if field.required else []
    wants += [] if field.nullable else ["never empty"]
    wants += [f"one of: {', '.join(map(str, field.allowed))}"] if field.allowed else []
    wants += [*limits(field), *(["each value once only"] if field.unique else [])]
    counted = unit(field, {name: one.title for name, one in contract.fields.items()})
    said = [counted if counted.startswith("money") else f"in {counted}"] if counted else []
    said += [f"{', '.join(wants)}, {DONE[effective(field)]}"] if wants else []
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _rule(stated: Stated) -> Iterator[str]:
    yield from wrapped("  ", f"{stated.rule} ({stated.scope}): {stated.value}; up to {percent(stated.tolerated)} of the rows may fail")


def show_document(one: Known) -> dict[str, Any]:
    """The same for machines."""
    contract = one.contract
    about = list_document([one])[0]
    return {
        **about, "meaning": contract.meaning, "duplicates": contract.duplicates, "repeats": contract.repeats, "history": contract.history,
        "references": [{"fields": list(r.fields), "contract": r.contract, "to": list(r.to), "tolerated": r.tolerated}
                       for r in contract.references],
        "fields": [_field_document(field) for field in contract.fields.values()],
        "rules": [{"name": s.rule, "fields": list(s.fields), "says": s.value if isinstance(s.value, str) else None, "scope": s.scope,
                   "on_bad": s.on_bad, "tolerated": s.tolerated} for s in contract.stated],
        "unjudged": list(contract.unjudged),
    }  # fmt: skip


def _field_document(field: Field) -> dict[str, Any]:
    return {
        "name": field.name, "title": field.title, "meaning": field.meaning, "type": field.type_word, "holds": type_words(field),
        "unit": field.unit, "currency": field.currency, "required": field.required, "nullable": field.nullable, "unique": field.unique,
        "allowed": list(field.allowed) if field.allowed is not None else None, "limits": list(limits(field)), "on_bad": field.on_bad,
        "tolerated": field.tolerated, "tolerances": dict(field.tolerances), "personal": field.personal, "role": field.role,
        "synonyms": list(field.synonyms),
    }  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """Two versions of a contract.

    Parameters
    ----------
    old, new : Contract
    changes : tuple of (Change, tuple of Touch)
        Those that break first.
    unread : tuple of str
        Models that could not be looked at.
    """

    old: Contract
    new: Contract
    changes: tuple[tuple[Change, tuple[Touch, ...]], ...]
    unread: tuple[str, ...] = ()

    @property
    def breaking(self) -> bool:
        """Whether a change breaks anybody."""
        return any(change.breaking for change, _ in self.changes)


def compared(old: Contract, new: Contract, used: Usage) -> Compared:
    """The difference of two versions, with whom each change touches."""
    from contracts.difference import difference
    from flows.usage import touches

    found = sorted(difference(old, new), key=lambda change: (not change.breaking, change.where != "version"))
    return Compared(old, new, tuple((change, touches(change, used)) for change in found), used.unread)


def diff_lines(found: Compared) -> list[str]:
    """Changes that break first, each with whom it breaks, why, and whom it touches."""
    said = [f"{found.old.id} -> {found.new.id}  {_verdict(found)}"]
    for change, touched in found.changes:
        kind = "" if change.kind == change.where else f"{change.kind}: "
        said += ["", *wrapped(f"{'!' if change.breaking else ' '} {change.where}  ", f"{kind}{change.words}")]
        said += _effects(change)
        said += _touched(touched)
    said += [line for name in found.unread for line in row("not read", f"the model {name}")]
    return said


def _verdict(found: Compared) -> str:
    sides = [(side, sum(getattr(change, side).breaks for change, _ in found.changes)) for side in ("senders", "readers")]
    broken = [f"{count} for {side}" for side, count in sides if count]
    if not found.changes:
        return "no difference"
    return f"{plural(len(found.changes), 'change')}, " + (f"BREAKING: {' and '.join(broken)}" if broken else "none of them breaking")


def _effects(change: Change) -> Iterator[str]:
    whys = dict.fromkeys((change.senders.why, change.readers.why))
    if not change.breaking or len(whys) == 1:
        yield from wrapped("    ", f"breaks {'both' if change.breaking else 'nobody'}: {'; '.join(whys)}")
        return
    for name, side in (("senders", change.senders), ("readers", change.readers)):
        yield from wrapped("    ", f"{'breaks' if side.breaks else 'does not break'} {name}: {side.why}")


def _touched(touched: Sequence[Touch]) -> Iterator[str]:
    for what in ("feed", "product", "model"):
        mine = [one for one in touched if one.what == what]
        shown = [f"{one.name} ({one.how})" for one in mine[:MOST]]
        if mine:
            more = f" and {len(mine) - MOST} more" if len(mine) > MOST else ""
            yield from wrapped("    ", f"touches {what}{'s' if len(mine) > 1 else ''} {', '.join(shown)}{more}")


def diff_document(found: Compared) -> dict[str, Any]:
    """The same for machines; under `touched` the names of all that any change touches."""
    changes = [{**change.as_dict(), "touches": [one.as_dict() for one in touched]} for change, touched in found.changes]
    every_one = [one for _, touched in found.changes for one in touched]
    names = {f"{what}s": sorted({one.name for one in every_one if one.what == what}) for what in ("feed", "product", "model")}
    sides = {f"breaks_{side}": any(getattr(change, side).breaks for change, _ in found.changes) for side in ("senders", "readers")}
    return {"old": found.old.id, "new": found.new.id, "breaking": found.breaking, **sides, "changes": changes, "touched": names,
            "unread": list(found.unread)}  # fmt: skip
