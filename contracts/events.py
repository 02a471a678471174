"""What consumers did: visits, logins, clicks, one row per event."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Moment, Text, field
from contracts.rules import ForeignKey


class Events(DataFrameModel):
    """Something a consumer did at a moment: a visit, a login, a click, a call."""

    customer_id: Text = field("Customer id", "Who did it.", role="key", on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "customer number", "Kundennummer", "klantnummer", "numéro client", "número de cliente", "client id", "user id", "member id",
            "visitor id", "user", "Nutzer", "Besucher", "gebruiker", "utilisateur", "usuario",
        ))  # fmt: skip
    occurred_at: Moment = field("Occurred at", "Moment of the event, in UTC.", role="info", on_bad="reject", nullable=False,
        synonyms=(
            "event time", "timestamp", "event date", "time", "date", "Zeitpunkt", "Zeitstempel", "Datum", "tijdstip", "tijdstempel",
            "horodatage", "date de l'événement", "fecha", "fecha del evento", "marca de tiempo", "happened at", "created at", "visit date",
        ))  # fmt: skip
    event: Text = field("Event", "What happened, in the client's words.", on_bad="reject", nullable=False, str_length=(1, 100),
        synonyms=(
            "event name", "event type", "action", "activity", "Ereignis", "Aktion", "Aktivität", "gebeurtenis", "actie", "événement",
            "évènement", "type d'événement", "evento", "tipo de evento", "acción",
        ))  # fmt: skip
    item_id: Text | None = field("Item id", "What it was about: the client's key of a product or page.", role="info", str_length=(1, 200),
        synonyms=(
            "product id", "item", "page", "SKU", "Artikelnummer", "Seite", "artikelnummer product", "pagina", "article",
            "identifiant produit", "artículo", "página", "content id", "url",
        ))  # fmt: skip
    channel: Text | None = field("Channel", "Where it happened: web, app, shop, phone.", str_length=(1, 60),
        synonyms=("Kanal", "kanaal", "canal", "source", "platform", "device", "Quelle", "Gerät", "plateforme", "plataforma", "apparaat"))
    detail: Text | None = field("Detail", "What else the log says of it.", role="info", str_length=(1, 500),
        synonyms=("value", "label", "properties", "Wert", "Einzelheit", "waarde", "bijzonderheid", "valeur", "détail", "valor", "detalle"))


CONTRACT = of_model(
    "events", "1.0", "Events", "one row per event", (), Events, history=True,
    repeats="The same by the same person at the same moment, logged or exported twice: one is kept and the others are set aside. A log "
    "that is exact to the day only says `duplicates: keep` in its feed.",
    references=(ForeignKey(("customer_id",), "customers", ("customer_id",)),),
)  # fmt: skip
