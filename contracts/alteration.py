"""Alterations of one field between two versions of a contract, each classed for senders and for readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.change import FILES, SAME, TABLES, Change, Effect
from contracts.fields import Field
from contracts.phrases import ON_BAD, PERSONAL, ROLES, effective, listed, on_bad, percent, type_words
from contracts.tightening import Pair, bounds, codes

WIDER = frozenset({
    ("whole", "real"), ("whole", "text"), ("real", "text"), ("flag", "text"), ("day", "moment"), ("day", "text"), ("moment", "text"),
})  # fmt: skip
"""Types whose every value can be written as one of the other."""


def alterations(old: Field, new: Field, names: Mapping[str, str]) -> Iterator[Change]:
    """What is otherwise in a field.

    Parameters
    ----------
    old, new : Field
    names : mapping
        New names of renamed fields.

    Examples
    --------
    >>> from contracts.contract import get
    >>> from dataclasses import replace
    >>> age = get("customers").fields["age"]
    >>> [(one.kind, one.senders.breaks, one.readers.breaks) for one in alterations(age, replace(age, rules=(("ge", 18),)), {})]
    [('rule changed', True, True)]
    """
    made = Pair(old, new)
    yield from _presence(made)
    yield from _type(made)
    yield from codes(made)
    yield from bounds(made)
    yield from _meaning_of_numbers(made, names)
    yield from _bad_values(made)
    yield from _classes(made)
    yield from _texts(made)


def _presence(made: Pair) -> Iterator[Change]:
    old, new = made.old, made.new
    if new.required and not old.required:
        senders = Effect(True, "a file without this column was accepted and is refused now")
        yield made.change("required now", "the column must be there", senders, Effect(False, "the column is always there"))
    if old.required and not new.required:
        readers = Effect(True, "the column can be missing")
        yield made.change("optional now", "the column may be left out", Effect(False, "it may be sent as before"), readers)
    if old.nullable and not new.nullable:
        senders = Effect(True, "a row whose cell is empty was accepted and is set apart now")
        yield made.change("may not be empty", "every row needs a value", senders, Effect(False, "no cell is empty any more"))
    if new.nullable and not old.nullable:
        readers = Effect(True, "cells can be empty that never were")
        yield made.change("may be empty", "cells may be empty", Effect(False, "full cells are accepted as before"), readers)


def _type(made: Pair) -> Iterator[Change]:
    if made.old.type.equals(made.new.type):
        return
    widened = (made.old.type_word, made.new.type_word) in WIDER
    narrowed = (made.new.type_word, made.old.type_word) in WIDER
    how = " (wider)" if widened else " (narrower)" if narrowed else ""
    refused = f"a value that was accepted may be no such value: {on_bad(made.new)}"
    senders = Effect(False, "every value that was accepted can be read as the new type") if widened else Effect(True, refused)
    readers = Effect(True, "the column has another type")
    yield made.change("type changed", f"{type_words(made.new)}, was {type_words(made.old)}{how}", senders, readers)


def _meaning_of_numbers(made: Pair, names: Mapping[str, str]) -> Iterator[Change]:
    old, new = made.old, made.new
    if old.unit != new.unit:
        words = f"in {new.unit or 'no stated unit'}, was in {old.unit or 'no stated unit'}"
        if old.unit is None:
            yield made.change("unit changed", words, Effect(False, "it was left open"), Effect(False, "it was left open"))
        else:
            both = Effect(True, "the same number means something else")
            yield made.change("unit changed", words, both, both)
    was = names.get(old.currency, old.currency) if old.currency else None
    if was != new.currency:
        told = [f"the currency that the row names in {one}" if one else "the client's currency" for one in (new.currency, was)]
        both = Effect(True, "the same amount may be of another currency")
        yield made.change("unit changed", f"in {told[0]}, was in {told[1]}", both, both)


def _bad_values(made: Pair) -> Iterator[Change]:
    old, new = made.old, made.new
    if old.on_bad != new.on_bad:
        was, now = effective(old), effective(new)
        order = ("warn", "blank", "reject")
        stricter = order.index(now) > order.index(was)
        refused = f"a bad value cost less before; now {ON_BAD[now]}"
        senders = Effect(stricter, refused if stricter else "nothing more is refused")
        readers = Effect(True, "bad values can stand in the table") if now == "warn" != was else TABLES
        words = f"{ON_BAD[now]}; before: {ON_BAD[was]}" if was != now else f"{ON_BAD[now]}, as before: the field may not be empty"
        yield made.change("bad values", words, senders, readers)
    rules = sorted({"", *dict(old.tolerances), *dict(new.tolerances)})
    moved = [(rule, old.tolerance(rule), new.tolerance(rule)) for rule in rules if old.tolerance(rule) != new.tolerance(rule)]
    if moved:
        words = "; ".join(f"{percent(now)} may fail{f' {rule}' if rule else ''}, was {percent(was)}" for rule, was, now in moved)
        less = any(now < was for _, was, now in moved)
        senders = Effect(less, "a file with more than that passed its check and fails it now" if less else "more is tolerated")
        yield made.change("tolerated share", words, senders, TABLES)


def _classes(made: Pair) -> Iterator[Change]:
    old, new = made.old, made.new
    if old.personal != new.personal:
        words = f"{PERSONAL[new.personal]}; before: {PERSONAL[old.personal]}"
        yield made.change("personal class", words, FILES, _seen(old.personal, new.personal))
    if old.role != new.role:
        yield made.change("role", f"in models {ROLES[new.role]}; before: {ROLES[old.role]}", FILES, _learnt(old.role, new.role))


def _seen(was: str, now: str) -> Effect:
    """What another personal class does to readers."""
    if now == "direct":
        return Effect(True, "the column leaves the table: it is kept apart")
    if was == "direct":
        return Effect(True, "what was kept apart now stands in the table")
    return Effect(False, "the same values; pictures and reports show more or less of them")


def _learnt(was: str, now: str) -> Effect:
    """What another role does to models."""
    if now == "input" and was in ("leak", "label"):
        return Effect(True, "models would read what is known only afterwards")
    if was in ("input", "label"):
        return Effect(True, "models lose what they read" if now != "label" else "models take for the outcome what they read")
    return Effect(False, "models read no less than before")


def _texts(made: Pair) -> Iterator[Change]:
    old, new = made.old, made.new
    if old.title != new.title:
        yield made.change("title", f"called {new.title}, was {old.title}", SAME, SAME)
    if old.meaning != new.meaning:
        yield made.change("meaning", f"«{new.meaning}», was «{old.meaning}»", SAME, SAME)
    if old.synonyms != new.synonyms:
        gone, fresh = [s for s in old.synonyms if s not in new.synonyms], [s for s in new.synonyms if s not in old.synonyms]
        said = [f"also known as {listed(fresh)}"] if fresh else []
        said += [f"no longer known as {listed(gone)}"] if gone else []
        yield made.change("synonyms", "; ".join(said) or "in another order", SAME, SAME)
