"""How the invented company names things: headers, codes and words of its files, each beside the contract's word."""

from __future__ import annotations

from flows.rehearsal.catalogue import CATEGORIES
from flows.rehearsal.lists import REGIONS

COMPANY = "Harbour Versandhaus"

CUSTOMER_HEADERS = {
    "customer_id": "Kundennummer",
    "gender": "Anrede",
    "first_name": "Vorname",
    "last_name": "Nachname",
    "email": "E-Mail",
    "phone": "Telefon",
    "street": "Straße",
    "postcode": "PLZ",
    "city": "Ort",
    "region": "Bundesland",
    "country": "Land",
    "birth_date": "Geburtsdatum",
    "segment": "Kundengruppe",
    "income": "Jahreseinkommen",
    "signup_date": "Kunde seit",
    "marketing_consent": "Newsletter",
    "preferred_channel": "Bevorzugter Kanal",
    "order_count": "Bestellungen",
    "total_spend": "Umsatz gesamt",
    "last_order_date": "Letzte Bestellung",
}
TRANSACTION_HEADERS = {
    "order_id": "Bestellnummer",
    "line_id": "Position",
    "customer_id": "Kundennummer",
    "ordered_at": "Bestelldatum",
    "product_id": "Artikelnummer",
    "product_name": "Artikel",
    "category": "Warengruppe",
    "quantity": "Menge",
    "unit_price": "Einzelpreis",
    "amount": "Betrag",
    "currency": "Währung",
    "channel": "Kanal",
}
"""Contract field: header, in the order of the file."""

SALUTATIONS = ("Frau", "Herr", "Divers")
CHANNEL_WORDS = ("Online-Shop", "App", "Filiale", "Telefon", "Katalog")
SEGMENT_WORDS = ("Stammkunde", "Gelegenheitskunde", "Neukunde", "VIP")
SEGMENT_CODES = ("A", "B", "C", "V")
COUNTRY_WORDS = ("Deutschland", "DE", "D")
"""In the order of the tuples in `lists`; the old system wrote words for groups, the new one writes codes."""

KNOWN_WORDS = frozenset(word.lower() for word in (*REGIONS, *CATEGORIES, *CHANNEL_WORDS, *SEGMENT_WORDS, *COUNTRY_WORDS, *SALUTATIONS))

SHEETS = {"customers": "Kunden", "transactions": "Bestellungen"}
TITLES = {"customers": "Kundenliste", "transactions": "Bestellpositionen"}
STEMS = {"customers": "harbour_kunden", "transactions": "harbour_bestellungen"}
