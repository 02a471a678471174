"""People whom the client asks, one row each."""

from __future__ import annotations

from contracts.contract import Contract
from contracts.customers import Customers
from contracts.fields import Day, Flag, Text, Whole, field

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Prospects(Customers):
    """One row per person asked in a campaign."""

    previous_contacts: Whole | None = field("Previous contacts", "Contacts before this campaign.", unit="contacts", ge=0,
        synonyms=("previous", "prior contacts", "frühere Kontakte"))  # fmt: skip
    days_since_contact: Whole | None = field("Days since contact", "Days since the latest earlier contact; null when there was none.",
        unit="days", ge=0,
        synonyms=("pdays", "Tage seit Kontakt"))  # fmt: skip
    previous_outcome: Text | None = field("Previous outcome", "What the earlier campaign led to.", str_length=(1, 60),
        synonyms=("poutcome", "früheres Ergebnis"))  # fmt: skip
    contact_channel: Text | None = field("Contact channel", "How the person is reached in this campaign.", str_length=(1, 60),
        synonyms=("contact", "Kontaktweg"))  # fmt: skip
    contacted_on: Day | None = field("Contacted on", "Day of the contact.", role="info", synonyms=("contact date", "Kontaktdatum"))
    contact_month: Text | None = field("Contact month", "Month of the contact where the year is not known.", allowed=MONTHS,
        synonyms=("month", "Monat"))  # fmt: skip
    responded: Flag | None = field("Responded", "Said yes in this campaign.", role="label",
        synonyms=("response", "converted", "y", "Antwort"))  # fmt: skip


CONTRACT = Contract("prospects", "1.0", "Prospects", "one row per person asked in a campaign", ("customer_id",), Prospects)
