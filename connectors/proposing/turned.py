"""Headers whose yes is a field's no: who wants no offers, who did not answer."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connectors.parsing.words import FLAGS
from connectors.parsing.words import fold as plain
from connectors.proposing.headers import ascii_of
from connectors.proposing.names import likeness, phrases
from contracts.fields import Field

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_REFUSAL = re.compile(
    r"\b(opt(ed)? ?out|un ?subscri\w*|do ?not ?(call|e ?mail|mail|contact|sms|text|phone|disturb|send|bulk)\w*|dnc|suppress\w*"
    r"|black ?list\w*|werbe?\w*(widerspruch|sperre|verbot)|widerspr\w*|widerruf\w*|abgemeldet|abmeldung|abbestell\w*|robinson\w*"
    r"|afgemeld|afmelding|uitgeschreven|uitschrij\w*|desabon\w*|desinscri\w*|bloctel|dad[oa] de baja|stop ?(pub|sms|mail|newsletter))\b"
)
_NEGATION = re.compile(
    r"\b(no|not|non|none|kein\w*|nicht|geen|niet|ne|pas|sans|sin|without|ohne|never|refus\w*|declin\w*|reject\w*|revok\w*|withdr\w*"
    r"|against|gegen|oppos\w*|rechaz\w*|baja|objecti?\w*)\b"
)
_OFFERS = re.compile(
    r"\b(marketing|newsletters?|infolettre|nieuwsbrief|boletin|werb\w*|reclame|publi\w*|promo\w*|advert\w*|ads"
    r"|e ?mail\w*|sms|calls?|anruf\w*|anschreiben|contact\w*|kontakt\w*|bellen|benader\w*|llam\w*|molest\w*|appel\w*"
    r"|demarch\w*|sollicit\w*|consent\w*|einwillig\w*|toestem\w*)\b"
)
_PAIRS = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("1", "0"), ("t", "f"), ("ja", "nein"), ("ja", "nee"), ("j", "n"), ("oui", "non"),
    ("sí", "no"), ("si", "no"), ("s", "n"), ("wahr", "falsch"), ("waar", "onwaar"), ("vrai", "faux"), ("1.0", "0.0"), ("o", "n"),
    ("w", "f"),
)  # fmt: skip
"""Words for yes and no that come together."""


def refuses(name: str) -> bool:
    """Whether a header by itself says that somebody wants no offers, or no longer.

    Examples
    --------
    >>> [name for name in ("Email Opt Out", "HasOptedOutOfEmail", "abgemeldet am", "Phone No", "Newsletter") if refuses(name)]
    ['Email Opt Out', 'HasOptedOutOfEmail', 'abgemeldet am']
    """
    return bool(_REFUSAL.search(_spaced(name)))


def turned(field: Field, name: str) -> bool:
    """Whether a yes under a header means a no for a field of yes and no.

    Examples
    --------
    >>> from contracts import contract
    >>> consent, responded = contract.get("customers").fields["marketing_consent"], contract.get("prospects").fields["responded"]
    >>> [name for name in ("Do Not Call", "Keine Werbung", "Newsletter", "Opt-in") if turned(consent, name)]
    ['Do Not Call', 'Keine Werbung']
    >>> turned(responded, "nicht reagiert"), turned(responded, "reagiert")
    (True, False)
    """
    if field.type_word != "flag":
        return False
    text = _spaced(name)
    if field.name == "marketing_consent" and (_REFUSAL.search(text) or (_NEGATION.search(text) and _OFFERS.search(text))):
        return True
    rest = _NEGATION.sub(" ", text)
    return rest != text and likeness(" ".join(rest.split()), field.name, phrases(field)).strength > 0


def opposite(values: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """Words of a column with what they mean turned round; with each general yes its no, so that none is read the other way later.

    Words that say by themselves what they mean, as ``subscribed`` does, keep their meaning.

    Examples
    --------
    >>> opposite({"FALSE": False, "subscribed": True})
    {'FALSE': True, 'subscribed': True, 'TRUE': False}
    """
    found = {text: not code if plain(text) in FLAGS else code for text, code in values.items()}
    for text in [text for text in values if plain(text) in FLAGS]:
        for pair in _PAIRS:
            if plain(text) in pair:
                other = pair[1 - pair.index(plain(text))]
                if not {plain(word) for word in found} & set(pair) - {plain(text)}:
                    found[_as(text, other)] = not found[text]
                break
    return found


def _as(text: str, word: str) -> str:
    """A word in the letters that another one is written in."""
    return word.upper() if text.isupper() else word.capitalize() if text.istitle() else word


def _spaced(name: str) -> str:
    """Small words with single blanks between them."""
    return " ".join(re.sub(r"[\W_]+", " ", ascii_of(_CAMEL.sub(" ", name))).split())
