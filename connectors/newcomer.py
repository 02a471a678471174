"""The YAML of a client that is met for the first time, guessed from its file and to be looked at by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from connectors.drafting import comment, flow
from connectors.mapping import fold
from connectors.spec import ClientSpec
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
TELLING = {
    "DE": ("anrede", "vorname", "nachname", "strasse", "plz", "ort", "geburtsdatum", "kunde", "bestell", "umsatz", "telefon", "geschlecht",
           "datum", "betrag", "land"),
    "NL": ("voornaam", "achternaam", "straat", "plaats", "geboortedatum", "klant", "bedrag", "geslacht", "telefoonnummer", "besteldatum"),
    "FR": ("prenom", "prénom", "nom", "rue", "ville", "codepostal", "naissance", "sexe", "téléphone", "commande", "montant", "civilité"),
    "ES": ("nombre", "apellido", "calle", "ciudad", "codigopostal", "códigopostal", "nacimiento", "teléfono", "pedido", "importe", "sexo"),
}  # fmt: skip
"""Parts of folded headers by the country whose language they are of; more countries speak each."""
FALLBACK = "US"


def guessed(name: str, headers: Iterable[str], country: str | None = None) -> tuple[ClientSpec, tuple[str, ...]]:
    """A client by its name and the headers of its first file, and why; a country that is given is taken.

    Raises
    ------
    SettingsError
        COUNTRY-UNKNOWN for a country whose habits are not known here: the client's YAML is then to be written by hand.

    Examples
    --------
    >>> client, why = guessed("acme_nl", ["Klantnummer", "Achternaam"])
    >>> client.title, client.country, client.time_zone, why
    ('Acme Nl', 'NL', 'Europe/Amsterdam', ('country: 2 of 2 headers have words of its language',))
    """
    found, why = (country, "country: as given") if country else _country(list(headers))
    if found not in HABITS:
        raise SettingsError(
            "COUNTRY-UNKNOWN", "the habits of this country are not known", place=Place(client=name), expected=", ".join(HABITS),
            hint=f"name one of these with --country, then correct {name}/client.yaml",
        )  # fmt: skip
    language, zone, currency = HABITS[found]
    title = name.replace("_", " ").replace("-", " ").title()
    return ClientSpec(name=name, title=title, country=found, language=language, time_zone=zone, currency=currency), (why,)


def _country(headers: list[str]) -> tuple[str, str]:
    """The country whose language most headers are of; none is better than a tie."""
    folded = [fold(header) for header in headers]
    votes = Counter({country: sum(any(word in header for word in words) for header in folded) for country, words in TELLING.items()})
    (first, most), (_, second) = votes.most_common(2)
    if most > second and most >= 2:
        return first, f"country: {most} of {len(headers)} headers have words of its language"
    return (
        FALLBACK,
        "country: not known, nothing in the headers tells it; correct it here, or say --country",
    )


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
