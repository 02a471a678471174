"""Wording: rules and reasons in plain words for the client's pack."""

from __future__ import annotations

from contracts.contract import Contract

RECORDS = {
    "ragged": "The row has more or fewer cells than the header",
    "undecodable": "The row holds bytes that are not text in the file's encoding",
    "unclosed_quote": "A quotation mark is opened and never closed",
    "unstored": "The row holds nothing but formulas whose values the workbook does not hold",
    "withdrawn": "The sender deleted the row from the error workbook",
}
RULES = {
    "not_null": "{} is missing",
    "present": "{} is missing",
    "unique": "{} occurs more than once with different content",
    "date": "{} is not a date that exists",
    "future": "{} lies after the day on which the file was written",
    "placeholder": "{} is a placeholder such as 01.01.1900",
    "too_old": "{} is more than 120 years ago",
    "number": "{} is not a number",
    "whole_number": "{} is not a whole number",
    "scientific": "{} was damaged by a spreadsheet (1.23E+11)",
    "category": "{} is a word whose meaning was not agreed",
    "flag": "{} is neither yes nor no",
    "country": "{} is not a known country",
    "currency": "{} is not a known currency",
    "email": "{} is not an e-mail address",
    "text": "{} is not readable text",
    "undecoded": "{} holds signs that are no letters",
    "lost_letter": "{} has a question mark in place of a letter",
    "digits": "{} has no digits",
    "words": "{} is only digits",
    "short": "{} is a digit shorter than those of the country",
    "str_matches": "{} does not have the right form",
    "str_length": "{} is too short or too long",
    "isin": "{} is not one of the allowed words",
    "ge": "{} is smaller than allowed",
    "gt": "{} is smaller than allowed",
    "le": "{} is larger than allowed",
    "lt": "{} is larger than allowed",
    "in_range": "{} is out of range",
    "unstored": "{} is a formula whose value the workbook does not hold",
    "product": "{} is not quantity times price",
    "part": "{} cannot be told from the longer text without a guess",
}
DONE = {"reject": "row not used", "blank": "cell left blank", "warn": "kept as it is"}


def titled(name: str, contract: Contract | None = None) -> str:
    """The title of a field; a column that no contract knows is called by its name, a word without a vowel in capitals.

    Examples
    --------
    >>> from contracts.contract import get
    >>> titled("signup_date", get("customers")), titled("visits_90"), titled("nps")
    ('Sign-up date', 'Visits 90', 'NPS')
    """
    if contract is not None and name in contract.fields:
        return contract.fields[name].title
    words = [word if set(word.lower()) & set("aeiouy0123456789") else word.upper() for word in name.split("_") if word]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]]) if words else name


def reason(key: str, contract: Contract) -> str:
    """A reason of the ledger or of a failure, ``field:rule`` or a record's own, in words.

    Examples
    --------
    >>> from contracts.contract import get
    >>> reason("birth_date:date", get("customers")), reason("ragged", get("customers"))
    ('Birth date is not a date that exists', 'The row has more or fewer cells than the header')
    >>> reason("order_id+line_id:unique", get("transactions"))
    'Order id and line id occurs more than once with different content'
    """
    if key in RECORDS:
        return RECORDS[key]
    names, _, rule = key.partition(":")
    if rule.startswith(("before_", "after_")):
        way, _, other = rule.partition("_")
        rule, names = way, f"{names}+{contract.fields[other].name if other in contract.fields else other}"
    fields = [contract.fields[name].title if name in contract.fields else name.replace("_", " ") for name in names.split("+")]
    if rule in ("before", "after"):
        return f"{fields[0]} lies {rule} the {fields[1].lower()}"
    title = " and ".join([fields[0], *(field.lower() for field in fields[1:])])
    return RULES.get(rule, "{} breaks the rule " + rule.replace("_", " ")).format(title)


def done(key: str, contract: Contract) -> str:
    """What followed from a failure.

    Examples
    --------
    >>> from contracts.contract import get
    >>> done("income:ge", get("customers")), done("customer_id:not_null", get("customers"))
    ('cell left blank', 'row not used')
    """
    return DONE[outcome(key, contract)]


def outcome(key: str, contract: Contract) -> str:
    """The same as ``reject``, ``blank`` or ``warn``."""
    name, _, rule = key.partition(":")
    field = contract.fields.get(name)
    if field is None or rule in ("not_null", "unique") or (not field.nullable and field.on_bad == "blank"):
        return "reject"
    return field.on_bad
