"""Whom campaigns touched and what came of it, one row per touch."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Flag, Moment, Real, Text, field
from contracts.rules import ForeignKey, Rule


class Contacts(DataFrameModel):
    """One touch of a campaign: a letter, a mail, a call, or none where the person is in the control group."""

    customer_id: Text = field("Customer id", "Who was touched.", role="key", on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "customer number", "Kundennummer", "klantnummer", "numéro client", "número de cliente", "client id", "user id", "member id",
            "recipient", "Empfänger", "ontvanger", "destinataire", "destinatario", "contact id",
        ))  # fmt: skip
    campaign_id: Text = field("Campaign id", "The client's key of the campaign.", role="key", on_bad="reject", nullable=False,
        str_length=(1, 100),
        synonyms=(
            "campaign", "Kampagne", "campagne", "campaña", "campaign name", "mailing", "mailing id", "Aktion", "actie", "opération",
            "Kampagnennummer", "campaign code",
        ))  # fmt: skip
    contacted_at: Moment = field("Contacted at", "Moment of the touch, in UTC.", role="key", on_bad="reject", nullable=False,
        synonyms=(
            "contact date", "sent at", "send date", "send time", "Versanddatum", "Kontaktdatum", "verzenddatum", "contactdatum",
            "date d'envoi", "date de contact", "fecha de envío", "fecha de contacto", "date", "Datum", "timestamp", "delivered at",
        ))  # fmt: skip
    channel: Text | None = field("Channel", "How the person was reached.", str_length=(1, 60),
        synonyms=("Kanal", "kanaal", "canal", "medium", "contact channel", "contact type", "Versandart", "support", "medio"))
    arm: Text | None = field("Arm", "Group of the campaign: a treatment, or control.", role="info", str_length=(1, 100),
        synonyms=(
            "variant", "group", "treatment", "test group", "Gruppe", "Variante", "Testgruppe", "groep", "variante d'offre", "groupe",
            "grupo", "cell", "version", "segment",
        ))  # fmt: skip
    opened: Flag | None = field("Opened", "Opened the message.", role="leak",
        synonyms=("open", "opens", "geöffnet", "Öffnung", "geopend", "ouvert", "ouverture", "abierto", "apertura"))
    clicked: Flag | None = field("Clicked", "Followed a link in the message.", role="leak",
        synonyms=("click", "clicks", "geklickt", "Klick", "geklikt", "cliqué", "clic", "clics", "hizo clic"))
    visited: Flag | None = field("Visited", "Came to the shop or site afterwards.", role="leak",
        synonyms=("visit", "visits", "besucht", "Besuch", "bezocht", "visité", "visite", "visitó", "visita"))
    converted: Flag | None = field("Converted", "Did what the campaign asked for.", role="label",
        synonyms=(
            "conversion", "responded", "response", "bought", "purchase", "Antwort", "gekauft", "Kauf", "gekocht", "reactie", "acheté",
            "achat", "réponse", "compró", "compra", "respuesta",
        ))  # fmt: skip
    spend: Real | None = field("Spend", "Money spent after the touch.", unit="currency", role="label",
        synonyms=(
            "revenue", "amount", "sales", "order value", "Umsatz", "Betrag", "omzet", "bedrag", "montant", "dépense", "importe", "gasto",
        ))  # fmt: skip


CONTRACT = of_model(
    "contacts", "1.0", "Contacts", "one row per campaign touch", ("customer_id", "campaign_id", "contacted_at"), Contacts,
    repeats="The same touch, exported twice: one is kept and the others are set aside.",
    references=(ForeignKey(("customer_id",), "customers", ("customer_id",)),),
    rules=(Rule("one_arm", "one_value_within", ("customer_id", "campaign_id", "arm"),
                words="A person is in one arm of a campaign."),),
)  # fmt: skip
