"""How much consumers had to do with items, one row per consumer and item."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Moment, Real, Text, field
from contracts.rules import ForeignKey


class Interactions(DataFrameModel):
    """How often a consumer bought, viewed or used an item, or how it was rated."""

    customer_id: Text = field("Customer id", "Who.", role="key", on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "customer number", "Kundennummer", "klantnummer", "numéro client", "número de cliente", "client id", "user id", "member id",
            "user", "Nutzer", "gebruiker", "utilisateur", "usuario", "reader id",
        ))  # fmt: skip
    item_id: Text = field("Item id", "The client's key of the item.", role="key", on_bad="reject", nullable=False, str_length=(1, 200),
        synonyms=(
            "product id", "item", "SKU", "article id", "movie id", "Artikelnummer", "Artikel", "artikel nummer", "productnummer",
            "identifiant produit", "article", "produit", "artículo", "producto", "id de producto", "content id", "title id", "book id",
        ))  # fmt: skip
    weight: Real | None = field("Weight", "How strong it is: purchases, minutes, stars; 1 where nothing is said.", role="info", ge=0,
        synonyms=(
            "rating", "count", "score", "quantity", "Bewertung", "Anzahl", "Häufigkeit", "beoordeling", "aantal", "note", "nombre",
            "évaluation", "valoración", "cantidad", "stars", "frequency", "plays",
        ))  # fmt: skip
    happened_at: Moment | None = field("Happened at", "The latest moment of it, in UTC.", role="info",
        synonyms=(
            "timestamp", "time", "date", "last date", "Zeitpunkt", "Datum", "tijdstip", "horodatage", "date de l'événement", "fecha",
            "marca de tiempo", "rated at", "viewed at",
        ))  # fmt: skip


CONTRACT = of_model(
    "interactions", "1.0", "Interactions", "one row per customer and item", ("customer_id", "item_id"), Interactions,
    repeats="The same pair with the same weight, exported twice: one is kept and the others are set aside.",
    references=(ForeignKey(("customer_id",), "customers", ("customer_id",)),),
)  # fmt: skip
