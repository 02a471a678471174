"""Difference of two versions of a contract: every change, classed for who sends files and for who reads accepted tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from contracts.alteration import alterations
from contracts.change import FILES, SAME, TABLES, Change, Effect, Kind
from contracts.contract import Contract
from contracts.fields import Field
from contracts.phrases import listed, percent, type_words
from contracts.renames import renames
from contracts.rules import ForeignKey, Rule, Stated


def difference(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Every change from one version of a contract to another: the contract's own, then its fields' in the order of the new version.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from contracts.contract import get
    >>> old = get("customers")
    >>> difference(old, old)
    ()
    >>> stricter = tuple(replace(f, required=True) if f.name == "country" else f for f in old.own)
    >>> [(one.where, one.kind) for one in difference(old, replace(old, own=stricter))]
    [('version', 'version not raised'), ('country', 'required now')]
    """
    before, after = old.fields, new.fields
    gone = {name: field for name, field in before.items() if name not in after}
    fresh = {name: field for name, field in after.items() if name not in before}
    names = renames(gone, fresh)
    found = [*_texts(old, new), *_key(old, new, names), *_rules(old, new, names), *_references(old, new, names)]
    found += [*_fields(before, after, names), *_order(before, after, names)]
    if not found and replace(old, version=new.version) != new:
        found = [Change("contract", "rule rewritten", "the same is asked, written in another way", SAME, SAME)]
    return (*_version(old.version, new.version, found if old.name == new.name else ()), *found)


def _fields(before: Mapping[str, Field], after: Mapping[str, Field], names: Mapping[str, str]) -> Iterator[Change]:
    was = {new: old for old, new in names.items()}
    for name, field in after.items():
        if name in was:
            yield _renamed(before[was[name]], field)
        if name in was or name in before:
            yield from alterations(before[was.get(name, name)], field, names)
        else:
            yield _added(field)
    yield from (_removed(field) for name, field in before.items() if name not in after and name not in names)


def _added(field: Field) -> Change:
    must = "must be there" if field.required else "may be left out"
    empty = "" if field.nullable else ", no cell may be empty"
    senders = Effect(True, "a file without this column was accepted and is refused now") if field.required else FILES
    words = f"{field.title} ({type_words(field)}; the column {must}{empty})"
    return Change(field.name, "field added", words, senders, Effect(False, "a column more; the others are as they were"), (field.name,))


def _removed(field: Field) -> Change:
    senders = Effect(False, "the column may still be sent, and is not used")
    return Change(field.name, "field removed", f"{field.title} is gone", senders, Effect(True, "the column is gone"), (field.name,))


def _renamed(old: Field, new: Field) -> Change:
    known = old.name in (name.casefold().replace(" ", "_") for name in new.synonyms)
    asked = new.required and not known
    why = "the old name is no longer known: the column counts as missing" if asked else "the column may be sent as before"
    words = f"was called {old.name}, by all signs the same field"
    return Change(new.name, "field renamed", words, Effect(asked, why), Effect(True, "the column has another name"), (old.name, new.name))


def _order(before: Mapping[str, Field], after: Mapping[str, Field], names: Mapping[str, str]) -> Iterator[Change]:
    was = [names.get(name, name) for name in before if names.get(name, name) in after]
    now = [name for name in after if name in set(was)]
    if was != now:
        yield Change("fields", "fields in another order", "columns are known by their names: their order says nothing", FILES, TABLES)


def _texts(old: Contract, new: Contract) -> Iterator[Change]:
    told: tuple[tuple[str, Kind, str, str], ...] = (
        ("name", "name", old.name, new.name), ("title", "title", old.title, new.title), ("row", "row", old.row, new.row),
        ("meaning", "meaning", old.meaning, new.meaning), ("repeats", "meaning", old.repeats, new.repeats),
        ("direction", "meaning", old.direction, new.direction),
    )  # fmt: skip
    for where, kind, was, now in told:
        if was != now:
            yield Change(where, kind, f"«{now}», was «{was}»", SAME, SAME)


def _key(old: Contract, new: Contract, names: Mapping[str, str]) -> Iterator[Change]:
    """Key, repeats and history: what rows are and how they lie together."""
    was = tuple(names.get(name, name) for name in old.key)
    if was != new.key:
        yield _of_key(was, new)
    if old.duplicates != new.duplicates:
        kept = new.duplicates == "keep"
        senders = Effect(not kept, "rows that counted twice count once" if not kept else "rows that counted still do")
        readers = Effect(kept, "a row can come twice" if kept else "no row comes twice any more")
        words = "an exact repeat is kept as a row of its own" if kept else "an exact repeat is set aside"
        yield Change("duplicates", "repeats", words, senders, readers)
    if old.history != new.history:
        words = "a customer's rows lie together" if new.history else "a customer's rows may lie apart"
        why = "who reads one partition no longer sees a customer's whole history" if old.history else "the same rows, in other partitions"
        yield Change("history", "history", words, FILES, Effect(old.history, why))


def _of_key(was: tuple[str, ...], new: Contract) -> Change:
    """A key of fewer fields asks more of files; a key of more fields promises less to readers."""
    words = f"a row is named by {listed(new.key) if new.key else 'nothing'}, was by {listed(was) if was else 'nothing'}"
    fields = tuple(dict.fromkeys((*was, *new.key)))
    if set(was) == set(new.key):
        return Change("key", "key changed", words + " (only the order differs)", FILES, TABLES, fields)
    grown, shrunk = bool(was) and set(was) < set(new.key), bool(new.key) and set(new.key) < set(was)
    stricter = bool(new.key) and not grown
    looser = bool(was) and not shrunk
    apart = "rows that were told apart can count as one and be set apart"
    senders = Effect(stricter, apart if stricter else "rows that differed still do")
    readers = Effect(looser, "what named one row can name several" if looser else "what named one row still does")
    return Change("key", "key changed", words, senders, readers, fields)


def _rules(old: Contract, new: Contract, names: Mapping[str, str]) -> Iterator[Change]:
    """Rules of several fields, by name."""
    before, after = ({rule.name: rule for rule in contract.rules} for contract in (old, new))
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if was is not None and now is not None:
            yield from _rule(was, now, old, new, names)
        elif now is not None:
            yield Change(f"rule {name}", "rule added", now.told(new.fields), _asked(_stated(new, now)), TABLES, now.fields)
        elif was is not None:
            yield Change(f"rule {name}", "rule removed", was.told(old.fields), FILES, _promised(_stated(old, was)), was.fields)


def _rule(was: Rule, now: Rule, old: Contract, new: Contract, names: Mapping[str, str]) -> Iterator[Change]:
    fields = tuple(names.get(name, name) for name in was.fields)
    asked, promised = _stated(new, now), _stated(old, was)
    where, touched = f"rule {now.name}", tuple(dict.fromkeys((*was.fields, *now.fields)))
    if (was.check, fields, dict(was.arguments)) != (now.check, now.fields, dict(now.arguments)):
        words = f"{now.told(new.fields)}; before: {was.told(old.fields)}"
        yield Change(where, "rule changed", words, _asked(asked), _promised(promised), touched)
    elif was.words != now.words:
        yield Change(where, "meaning", f"«{now.told(new.fields)}», was «{was.told(old.fields)}»", SAME, SAME, touched)
    if was.tolerated != now.tolerated:
        yield _tolerated(where, promised.tolerated, asked.tolerated, touched)


def _stated(contract: Contract, rule: Rule) -> Stated:
    return next(each for each in contract.stated if each.rule == rule.name and each.fields == rule.fields)


def _asked(stated: Stated) -> Effect:
    """What a new rule does to senders."""
    if stated.on_bad != "warn":
        return Effect(True, "a row that was accepted may break it")
    if stated.tolerated < 1:
        return Effect(True, f"rows stay, but a file fails its check where more than {percent(stated.tolerated)} break it")
    return Effect(False, "rows that break it stay, and any number of them is tolerated")


def _promised(stated: Stated) -> Effect:
    """What the loss of a rule does to readers."""
    return Effect(True, "rows can come that break it") if stated.on_bad != "warn" else \
        Effect(False, "rows that break it could come before, with a warning")  # fmt: skip


def _tolerated(where: str, was: float, now: float, fields: tuple[str, ...]) -> Change:
    less = now < was
    senders = Effect(less, "a file with more than that passed its check and fails it now" if less else "no less is tolerated")
    return Change(where, "tolerated share", f"{percent(now)} may fail, was {percent(was)}", senders, TABLES, fields)


def _references(old: Contract, new: Contract, names: Mapping[str, str]) -> Iterator[Change]:
    """Keys of other contracts' tables, by the fields here and the contract there."""
    before = {(tuple(names.get(name, name) for name in one.fields), one.contract): one for one in old.references}
    after = {(one.fields, one.contract): one for one in new.references}
    for pair in dict.fromkeys((*after, *before)):
        was, now = before.get(pair), after.get(pair)
        if was is None and now is not None:
            yield Change(str(now), "reference added", f"is a key of {now.contract}", _found(now), TABLES, now.fields)
        elif now is None and was is not None:
            readers = Effect(True, f"rows can come that {was.contract} knows nothing of")
            yield Change(str(was), "reference removed", f"was a key of {was.contract}", FILES, readers, was.fields)
        elif was is not None and now is not None:
            if was.to != now.to:
                readers = Effect(True, "the other table's rows are found in another way")
                words = f"is {listed(now.to)} there, was {listed(was.to)}"
                yield Change(str(now), "reference changed", words, _found(now), readers, now.fields)
            if was.tolerated != now.tolerated:
                yield _tolerated(str(now), was.tolerated, now.tolerated, now.fields)


def _found(reference: ForeignKey) -> Effect:
    if reference.tolerated >= 1:
        return Effect(False, "any number of rows may find nothing there")
    return Effect(True, f"a file fails its check where more than {percent(reference.tolerated)} of its rows find nothing there")


def _version(old: str, new: str, found: Iterable[Change]) -> Iterator[Change]:
    """Whether the version says what has changed: a new major number for what breaks, a new minor one for anything else."""
    changes = list(found)
    was, now = _parts(old), _parts(new)
    if old != new:
        yield Change("version", "version", f"{new}, was {old}", SAME, SAME)
    if not changes or was is None or now is None:
        return
    breaking = [one for one in changes if one.breaking]
    if breaking and now[0] <= was[0]:
        names = list(dict.fromkeys(one.where for one in breaking))
        words = f"{listed(names)} {'break' if len(names) > 1 else 'breaks'}: this should be {was[0] + 1}.0, not {new}"
        yield Change("version", "version not raised", words, SAME, SAME)
    elif now <= was:
        yield Change("version", "version not raised", f"something changed: this should be {was[0]}.{was[1] + 1}, not {new}", SAME, SAME)


def _parts(version: str) -> tuple[int, int] | None:
    """Major and minor number.

    Examples
    --------
    >>> _parts("1.0"), _parts("v2.3.1"), _parts("draft")
    ((1, 0), (2, 3), None)
    """
    found = re.match(r"v?(\d+)(?:\.(\d+))?", version)
    return (int(found[1]), int(found[2] or 0)) if found else None
