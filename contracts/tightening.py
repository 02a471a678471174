"""Tightening: whether fewer or more values of a field pass than before, and whom that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from contracts.change import SAME, Change, Effect, Kind
from contracts.extent import Extent, extent, passing
from contracts.fields import Field
from contracts.phrases import limits, listed, on_bad, percent

BOUNDS = ("ge", "gt", "le", "lt", "in_range")


class Pair:
    """A field before and after.

    Parameters
    ----------
    old, new : Field

    Examples
    --------
    >>> import pyarrow as pa
    >>> pair = Pair(Field("n", "N", "N.", pa.int64()), Field("m", "N", "N.", pa.int64()))
    >>> pair.change("title", "called N", SAME, SAME).fields
    ('n', 'm')
    """

    def __init__(self, old: Field, new: Field) -> None:
        self.old, self.new = old, new
        self.before, self.after = extent(old), extent(new)

    def change(self, kind: Kind, words: str, senders: Effect, readers: Effect) -> Change:
        """A change of this field."""
        return Change(self.new.name, kind, words, senders, readers, tuple(dict.fromkeys((self.old.name, self.new.name))))

    def judged(self, kind: Kind, words: str, rule: str, *, tighter: bool, looser: bool) -> Change:
        """A change of what values pass, classed by whether fewer and whether more do."""
        return self.change(kind, words, self._senders(rule, tighter), self._readers(looser))

    def _senders(self, rule: str, tighter: bool) -> Effect:
        if not tighter:
            return Effect(False, "every value that was accepted still is")
        if self.before.empty:
            return Effect(False, "no value could pass before")
        if self.new.on_bad != "warn":
            return Effect(True, f"a value that was accepted may be refused now: {on_bad(self.new)}")
        if self.new.tolerance(rule) < 1:
            most = percent(self.new.tolerance(rule))
            return Effect(True, f"values stay, but a file fails its check where more than {most} break the rule")
        return Effect(False, "values that break the rule stay, and any number of them is tolerated")

    def _readers(self, looser: bool) -> Effect:
        if not looser:
            return Effect(False, "no value can come that could not come before")
        if self.old.on_bad == "warn":
            return Effect(False, "such values could come before, with a warning")
        if self.after.empty:
            return Effect(False, "no value can pass now")
        return Effect(True, "values can come that could not come before")


def codes(made: Pair) -> Iterator[Change]:
    """What is otherwise in the codes of a field; a code that failed another rule anyway breaks nobody.

    Examples
    --------
    >>> import pyarrow as pa
    >>> old, new = (Field("c", "C", "C.", pa.string(), allowed=given) for given in (("a", "b"), ("b", "c")))
    >>> [(one.kind, one.words, one.senders.breaks, one.readers.breaks) for one in codes(Pair(old, new))]
    [('codes removed', 'no longer allowed: a', True, False), ('codes added', 'allowed too: c', False, True)]
    """
    before, after = made.before.codes, made.after.codes
    if before == after:
        if made.old.allowed != made.new.allowed and before is not None:
            yield made.change("rule rewritten", "the allowed codes are listed in another way", SAME, SAME)
        return
    if before is None or after is None:
        kind: Kind = "rule added" if before is None else "rule removed"
        words = f"only these codes: {listed(sorted(after, key=str))}" if after else "no code" if after is not None else "any value"
        yield made.judged(kind, words, "isin", tighter=before is None, looser=after is None)
        return
    gone, fresh = before - after, after - before
    if gone:
        words = f"no longer allowed: {listed(_ordered(made.old, gone))}"
        yield made.judged("codes removed", words, "isin", tighter=bool(passing(made.old, gone)), looser=False)
    if fresh:
        words = f"allowed too: {listed(_ordered(made.new, fresh))}"
        yield made.judged("codes added", words, "isin", tighter=False, looser=bool(passing(made.new, fresh)))


def _ordered(field: Field, codes: frozenset[object]) -> list[object]:
    """Codes in the order in which the field lists them."""
    told = [code for code in field.allowed or () if code in codes]
    return [*told, *sorted(codes - set(told), key=str)]


def bounds(made: Pair) -> Iterator[Change]:
    """What is otherwise in every other rule; where values are listed, what counts is which of them pass.

    Examples
    --------
    >>> import pyarrow as pa
    >>> old, new = (Field("n", "N", "N.", pa.int64(), rules=given) for given in ((("ge", 1),), (("gt", 0), ("le", 9))))
    >>> [(one.kind, one.words, one.senders.breaks) for one in bounds(Pair(old, new))]
    [('rule tightened', '1 to 9, was at least 1', True)]
    """
    fewer, more = _others(made.old, made.new), _others(made.new, made.old)
    told = False
    for rule, was, now, tighter, looser in _parts(made.old, made.new, made.before, made.after):
        told = True
        kind: Kind = "rule added" if not was else "rule removed" if not now else _direction(tighter, looser)
        words = f"{now or 'no such limit'}, was {was or 'without such a limit'}"
        yield made.judged(kind, words, rule, tighter=tighter and fewer, looser=looser and more)
    if not told and made.old.rules != made.new.rules and made.before.codes == made.after.codes:
        yield made.change("rule rewritten", "the same limits, written in another way", SAME, SAME)
    if made.old.unique != made.new.unique:
        words = "each value once only" if made.new.unique else "values may repeat"
        yield made.judged(_direction(made.new.unique, made.old.unique), words, "unique", tighter=made.new.unique, looser=made.old.unique)


def _others(one: Field, other: Field) -> bool:
    """Whether a value can pass one field's rules and, its codes left aside, not the other's: where codes are listed, they are tried."""
    codes = extent(one).codes
    if codes is None:
        return True
    codes = codes if other.allowed is None else codes & (extent(other).codes or codes)
    return passing(one, codes) != passing(replace(other, allowed=None), passing(one, codes))


def _direction(tighter: bool, looser: bool) -> Kind:
    return "rule changed" if tighter and looser else "rule tightened" if tighter else "rule loosened"


def _parts(old: Field, new: Field, before: Extent, after: Extent) -> Iterator[tuple[str, str, str, bool, bool]]:
    """Limits that differ: the rule, what was and what is in words, whether fewer and whether more values pass."""
    for rule, one, other in (("in_range", before.span, after.span), ("str_length", before.length, after.length)):
        if one != other:
            was, now = (", ".join(_said(field, rule)) for field in (old, new))
            yield rule, was, now, not other.holds(one), not one.holds(other)
    was_rules, now_rules = _together(before.rest), _together(after.rest)
    for rule in sorted(was_rules.keys() | now_rules.keys()):
        if was_rules.get(rule) != now_rules.get(rule):
            was, now = (", ".join(_said(field, rule)) for field in (old, new))
            yield rule, was, now, *_compared(rule, was_rules.get(rule), now_rules.get(rule))


def _together(rules: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Values by rule; of a rule that is asked more than once, all of them.

    Examples
    --------
    >>> _together([("notin", ("a",)), ("notin", ("b",)), ("str_matches", "^a"), ("str_matches", "b$")])
    {'notin': ('a', 'b'), 'str_matches': ('^a', 'b$')}
    """
    found: dict[str, list[Any]] = {}
    for rule, value in rules:
        found.setdefault(rule, []).extend(value if rule == "notin" else [value])
    return {rule: tuple(values) if rule == "notin" or len(values) > 1 else values[0] for rule, values in found.items()}


def _said(field: Field, rule: str) -> tuple[str, ...]:
    """The limits of a field that one rule makes, or for ``in_range`` all bounds together."""
    names = BOUNDS if rule == "in_range" else (rule,)
    return limits(Field(field.name, field.title, field.meaning, field.type, rules=tuple(each for each in field.rules if each[0] in names)))


def _compared(rule: str, was: object, now: object) -> tuple[bool, bool]:
    """Whether fewer, and whether more values pass another rule; of two patterns both are taken for possible."""
    if was is None or now is None:
        return was is None, now is None
    if rule == "notin" and isinstance(was, tuple | list) and isinstance(now, tuple | list):
        return bool(set(now) - set(was)), bool(set(was) - set(now))
    if isinstance(was, str) and isinstance(now, str) and rule in ("str_startswith", "str_endswith"):
        fits = str.startswith if rule == "str_startswith" else str.endswith
        return not fits(was, now), not fits(now, was)
    return True, True
