"""The YAML of a client that is met for the first time, guessed from its file and to be looked at by a person."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.drafting import comment, flow
from connectors.spec.client import ClientSpec
from contracts.errors import Place, SettingsError

HABITS = {
    "AT": ("de", "Europe/Vienna", "EUR"), "AU": ("en", "Australia/Sydney", "AUD"), "BE": ("nl", "Europe/Brussels", "EUR"),
    "CA": ("en", "America/Toronto", "CAD"), "CH": ("de", "Europe/Zurich", "CHF"), "DE": ("de", "Europe/Berlin", "EUR"),
    "DK": ("da", "Europe/Copenhagen", "DKK"), "ES": ("es", "Europe/Madrid", "EUR"), "FI": ("fi", "Europe/Helsinki", "EUR"),
    "FR": ("fr", "Europe/Paris", "EUR"), "GB": ("en", "Europe/London", "GBP"), "IE": ("en", "Europe/Dublin", "EUR"),
    "IT": ("it", "Europe/Rome", "EUR"), "LU": ("fr", "Europe/Luxembourg", "EUR"), "MX": ("es", "America/Mexico_City", "MXN"),
    "NL": ("nl", "Europe/Amsterdam", "EUR"), "NO": ("nb", "Europe/Oslo", "NOK"), "NZ": ("en", "Pacific/Auckland", "NZD"),
    "PL": ("pl", "Europe/Warsaw", "PLN"), "PT": ("pt", "Europe/Lisbon", "EUR"), "SE": ("sv", "Europe/Stockholm", "SEK"),
    "US": ("en", "America/New_York", "USD"),
}  # fmt: skip
"""Language, time zone and currency of a country: the commonest where it has several."""
FALLBACK, ELSEWHERE = "US", ("en", "UTC", "USD")
ASSUMED = "country: assumed, as nothing in the file tells it: correct client.yaml, by which everything is read"


def guessed(name: str, told: tuple[str, str] | None = None, country: str | None = None) -> tuple[ClientSpec, tuple[str, ...]]:
    """A client by its name and the country that its first file speaks of, and why; a country that is given is taken.

    Parameters
    ----------
    name : str
    told : (country, why), optional
        As `connectors.homeland.told`; None where nothing in the file tells it: `FALLBACK` is assumed, and said to be.
    country : str, optional
        Given by a person.

    Raises
    ------
    SettingsError
        COUNTRY-UNKNOWN for a country that is given and whose habits are not known here: the client's YAML is then to be written by hand.

    Examples
    --------
    >>> client, why = guessed("acme_nl", ("NL", "country: 2 of 2 headers have words of its language"))
    >>> client.title, client.country, client.time_zone, why
    ('Acme Nl', 'NL', 'Europe/Amsterdam', ('country: 2 of 2 headers have words of its language',))
    """
    if country and country not in HABITS:
        raise SettingsError(
            "COUNTRY-UNKNOWN", "the habits of this country are not known", place=Place(client=name), expected=", ".join(HABITS),
            hint=f"name one of these with --country, then correct {name}/client.yaml",
        )  # fmt: skip
    found, why = (country, "country: as given") if country else told or (FALLBACK, ASSUMED)
    if found not in HABITS:
        why += "; its language, time zone and currency are not known here: correct them in client.yaml"
    language, zone, currency = HABITS.get(found, ELSEWHERE)
    title = name.replace("_", " ").replace("-", " ").title()
    return ClientSpec(name=name, title=title, country=found, language=language, time_zone=zone, currency=currency), (why,)


def client_yaml(client: ClientSpec, why: Sequence[str]) -> str:
    """The YAML of a client that is drafted with its first feed.

    Examples
    --------
    >>> print(client_yaml(ClientSpec(name="acme", title="Acme", country="DE", currency="EUR"), ["country: 3 German headers"]))
    # Drafted with the client's first feed: look at each line. They decide how dates, amounts and phone numbers are read.
    # country: 3 German headers
    name: acme
    title: Acme
    country: DE
    language: en
    time_zone: UTC
    currency: EUR
    products: []
    <BLANKLINE>
    """
    said = client.model_dump(include={"name", "title", "country", "language", "time_zone", "currency", "products"})
    lines = [
        *comment("Drafted with the client's first feed: look at each line. They decide how dates, amounts and phone numbers are read."),
        *(line for reason in why for line in comment(reason)),
        *(f"{name}: {flow(list(value) if isinstance(value, tuple) else value)}" for name, value in said.items()),
    ]
    return "\n".join(lines) + "\n"
