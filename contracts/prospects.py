"""People whom the client asks, one row each."""

from __future__ import annotations

from contracts.contract import of_model
from contracts.customers import RULES, Customers
from contracts.fields import Day, Flag, Text, Whole, field

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Prospects(Customers):
    """One row per person asked in a campaign."""

    previous_contacts: Whole | None = field("Previous contacts", "Contacts before this campaign.", unit="contacts", ge=0,
        synonyms=(
            "previous", "prior contacts", "frühere Kontakte", "previous contacts", "number of previous contacts",
            "eerdere contacten", "contacts précédents", "contactos previos",
        ))  # fmt: skip
    days_since_contact: Whole | None = field("Days since contact", "Days since the latest earlier contact; null when there was none.",
        unit="days", ge=0,
        synonyms=(
            "pdays", "Tage seit Kontakt", "days since last contact", "dagen sinds contact", "jours depuis contact",
            "días desde contacto",
        ))  # fmt: skip
    previous_outcome: Text | None = field("Previous outcome", "What the earlier campaign led to.", str_length=(1, 60),
        synonyms=(
            "poutcome", "früheres Ergebnis", "previous outcome", "outcome of previous campaign", "eerder resultaat",
            "résultat précédent", "resultado previo", "resultado anterior",
        ))  # fmt: skip
    contact_channel: Text | None = field("Contact channel", "How the person is reached in this campaign.", str_length=(1, 60),
        synonyms=(
            "contact", "Kontaktweg", "contact channel", "contact method", "contactkanaal", "canal de contact",
            "canal de contacto", "Kontaktkanal",
        ))  # fmt: skip
    contacted_on: Day | None = field("Contacted on", "Day of the contact.", role="info",
        synonyms=(
            "contact date", "Kontaktdatum", "date of contact", "last contact", "contactdatum", "date de contact",
            "fecha de contacto",
        ))  # fmt: skip
    contact_month: Text | None = field("Contact month", "Month of the contact where the year is not known.", allowed=MONTHS,
        synonyms=("month", "Monat", "contact month", "last contact month", "maand", "mois", "mes"))  # fmt: skip
    responded: Flag | None = field("Responded", "Said yes in this campaign.", role="label",
        synonyms=(
            "response", "converted", "y", "Antwort", "responded", "target", "conversion", "respuesta", "réponse",
            "reactie", "reagiert", "accepted offer",
        ))  # fmt: skip


CONTRACT = of_model(
    "prospects", "1.0", "Prospects", "one row per person asked in a campaign", ("customer_id",), Prospects,
    repeats="The same person, exported twice: one row is kept and the others are set aside.", rules=RULES,
)  # fmt: skip
