"""Words of a column, explained at the terminal one by one."""

from __future__ import annotations

import re
from collections.abc import Callable

from connectors.answering import BLANK
from connectors.parsing.countries import CODES
from connectors.proposing.proposal import Question
from flows.commands.connection import wrapped

_PAIR = re.compile(r"(\d+)\s*=\s*(\S+)")


def explained(question: Question, say: Callable[[str], None], read: Callable[[], str]) -> str | None:
    """What each word means, as ``token=code`` for every word that was explained, or one code for all; nothing for an empty line.

    Examples
    --------
    >>> from connectors.proposing.proposal import Word
    >>> words = (Word("0a1b2c3d", "'Prepaid' (20 rows)"), Word("1a1b2c3d", "'48M' (12 rows)"))
    >>> asked = Question("values:contract_term", "What means what?", "contract_term", ("Contract",), ("month", "other"), (), words)
    >>> explained(asked, lambda text: None, lambda: "1=month, 2 = other\\n")
    '0a1b2c3d=month 1a1b2c3d=other'
    """
    options = (*question.options, BLANK)
    said = ["", *wrapped("? ", question.text), *(f"  {n}  {word.shown}" for n, word in enumerate(question.words, 1))]
    say("\n".join([*said, *wrapped("  codes  ", _codes(question))]))
    while True:
        say("  such as 1=CODE 2=CODE; one code alone for all words, now and later; or enter to leave it open:")
        given = read().strip()
        if not given:
            return None
        if given in options:
            return given
        pairs = _PAIR.findall(given.replace(",", " "))
        if wrong := _wrong(pairs, given, question, options):
            say(f"  {wrong}")
            continue
        return " ".join(f"{question.words[int(n) - 1].token}={code}" for n, code in pairs)


def _codes(question: Question) -> str:
    if question.options:
        return ", ".join((*question.options, BLANK))
    letters = "two letters as in ISO 3166, such as DE" if question.field == "country" else "three letters as in ISO 4217, such as EUR"
    return f"{letters}; {BLANK}"


def _wrong(pairs: list[tuple[str, str]], given: str, question: Question, options: tuple[str, ...]) -> str | None:
    """What cannot be right about an answer."""
    if not pairs or _PAIR.sub("", given).strip(" ,"):
        return "it is numbers with codes, such as 1=CODE"
    if beyond := [n for n, _ in pairs if not 1 <= int(n) <= len(question.words)]:
        return f"there is no word {beyond[0]}"
    known = options if question.options else ((*CODES.split(), BLANK) if question.field == "country" else None)
    strange = [code for _, code in pairs if (code not in known if known else not re.fullmatch(rf"[A-Z]{{3}}|{BLANK}", code))]
    return f"{strange[0][:20]!r} is no code of this field" if strange else None
