"""Consumers of a client, one row each."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Day, Flag, Real, Text, Whole, field
from contracts.rules import Rule

GENDERS = ("female", "male", "other", "unknown")
MARITAL = ("single", "married", "partnership", "separated", "divorced", "widowed", "unknown")
EDUCATION = ("none", "primary", "secondary", "tertiary", "unknown")
RULES = (
    Rule("after_signup_date", "not_after", ("birth_date", "signup_date"), words="Nobody becomes a customer before being born."),
    Rule("before_signup_date", "not_before", ("last_order_date", "signup_date"), words="Nobody orders before becoming a customer."),
    Rule("agrees_with_birth_date", "ages_agree", ("age", "birth_date"), words="All ages are counted on one and the same day."),
)
"""What hangs together in a consumer's row."""
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$"


class Customers(DataFrameModel):
    """One row per consumer, as the client sees them on the day of the file."""

    customer_id: Text = field(
        "Customer id", "The client's own key of the consumer.", role="key", on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "customer number", "customer no", "client id", "Kundennummer", "Kundennr", "klantnummer", "numéro client",
            "id cliente", "customer id", "numéro de client", "número de cliente", "user id", "member id", "person id",
            "unique id", "record id", "rec id", "id",
        ),
    )  # fmt: skip
    first_name: Text | None = field("First name", "Given name.", personal="direct", role="info", str_length=(1, 100),
        synonyms=(
            "given name", "forename", "Vorname", "voornaam", "prénom", "nombre", "firstname", "nombre de pila", "roepnaam",
        ))  # fmt: skip
    last_name: Text | None = field("Last name", "Family name.", personal="direct", role="info", str_length=(1, 100),
        synonyms=(
            "surname", "family name", "Nachname", "achternaam", "nom", "apellido", "lastname", "nom de famille",
            "apellidos", "Familienname",
        ))  # fmt: skip
    salutation: Text | None = field("Salutation", "How the client addresses the person.", personal="direct", role="info",
        synonyms=(
            "title", "Anrede", "aanhef", "civilité", "tratamiento", "honorific", "name prefix", "titre", "titel",
            "Anredeform", "form of address",
        ))  # fmt: skip
    email: Text | None = field("E-mail", "E-mail address.", personal="direct", role="info", str_matches=EMAIL,
        synonyms=(
            "mail", "e-mail address", "E-Mail", "courriel", "correo", "adresse e-mail", "adresse mail",
            "correo electrónico", "e-mailadres", "E-Mail-Adresse",
        ))  # fmt: skip
    phone: Text | None = field("Phone", "Telephone number.", personal="direct", role="info", str_matches=r"^\+?[0-9 ()/.\-]{5,30}$",
        synonyms=(
            "telephone", "mobile", "Telefon", "telefoon", "téléphone", "teléfono", "phone number", "Telefonnummer",
            "telefoonnummer", "numéro de téléphone", "número de teléfono", "Handy", "mobiel", "portable", "móvil",
            "Mobilnummer",
        ))  # fmt: skip
    street: Text | None = field("Street", "Street and house number.", personal="direct", role="info", str_length=(1, 200),
        synonyms=(
            "address", "Straße", "straat", "adresse", "rue", "dirección", "adres", "calle", "street address",
            "address line", "house and street",
        ))  # fmt: skip
    city: Text | None = field("City", "Town of residence.", personal="quasi", role="info", str_length=(1, 100),
        synonyms=(
            "town", "Ort", "Stadt", "plaats", "ville", "ciudad", "woonplaats", "Wohnort", "commune", "municipio",
            "localidad", "suburb",
        ))  # fmt: skip
    region: Text | None = field("Region", "State, county or province of residence.", personal="quasi", str_length=(1, 100),
        synonyms=(
            "state", "county", "province", "Bundesland", "provincie", "région", "provincia", "département", "estado",
            "Kanton",
        ))  # fmt: skip
    postcode: Text | None = field("Postcode", "Postal code, text with its leading zeros.", personal="quasi", role="info",
        str_matches=r"^[0-9A-Za-z][0-9A-Za-z \-]{1,9}$",
        synonyms=(
            "zip", "zip code", "postal code", "PLZ", "code postal", "código postal", "Postleitzahl", "postcode", "CP",
        ))  # fmt: skip
    country: Text | None = field("Country", "ISO 3166 alpha-2 code of residence.", role="info", str_matches=r"^[A-Z]{2}$",
        synonyms=("Land", "pays", "país", "country code", "Staat", "land van verblijf"))  # fmt: skip
    birth_date: Day | None = field("Birth date", "Day of birth.", personal="quasi", role="info",
        synonyms=(
            "date of birth", "DOB", "Geburtsdatum", "geboortedatum", "date de naissance", "fecha de nacimiento",
            "birthday", "Geburtstag", "nacimiento", "né le",
        ))  # fmt: skip
    age: Whole | None = field("Age", "Age in completed years on the as-of date.", unit="years", personal="quasi", ge=0, le=120,
        synonyms=("Alter", "leeftijd", "âge", "edad"))  # fmt: skip
    age_band: Text | None = field("Age band", "Age group as the client draws it.", personal="quasi", role="info",
        synonyms=(
            "age group", "Altersgruppe", "Alterklasse", "Altersklasse", "age range", "age bracket", "leeftijdsgroep",
            "leeftijdscategorie", "tranche d'âge", "grupo de edad", "rango de edad",
        ))  # fmt: skip
    gender: Text | None = field("Gender", "Gender as the client records it.", personal="quasi", allowed=GENDERS,
        synonyms=("sex", "Geschlecht", "geslacht", "sexe", "género", "sexo", "genre"))  # fmt: skip
    marital_status: Text | None = field("Marital status", "Legal status.", personal="sensitive", allowed=MARITAL,
        synonyms=(
            "marital", "Familienstand", "burgerlijke staat", "état civil", "estado civil", "situation familiale",
            "situation matrimoniale", "Zivilstand", "burgerlijke stand", "situación familiar",
        ))  # fmt: skip
    education: Text | None = field("Education", "Highest completed level.", personal="quasi", allowed=EDUCATION,
        synonyms=(
            "education level", "Bildung", "opleiding", "formation", "educación", "level of education", "Schulabschluss",
            "Ausbildung", "opleidingsniveau", "niveau d'études", "nivel de estudios", "estudios",
        ))  # fmt: skip
    occupation: Text | None = field("Occupation", "Kind of work.", personal="quasi", str_length=(1, 100),
        synonyms=(
            "job", "profession", "Beruf", "beroep", "profesión", "job title", "métier", "ocupación", "functie", "position",
        ))  # fmt: skip
    income: Real | None = field("Income", "Gross income per year.", unit="currency per year", personal="sensitive", ge=0,
        synonyms=(
            "annual income", "salary", "Jahreseinkommen", "inkomen", "revenu", "ingresos", "Einkommen", "yearly income",
            "household income", "jaarinkomen", "revenu annuel", "salaire", "ingresos anuales", "renta",
        ))  # fmt: skip
    signup_date: Day | None = field("Sign-up date", "Day the person became a customer.", role="info",
        synonyms=(
            "customer since", "registered", "Kunde seit", "klant sinds", "client depuis", "registration date",
            "date joined", "signup", "member since", "Anmeldedatum", "Registrierungsdatum", "inschrijfdatum",
            "registratiedatum", "date d'inscription", "date de création", "fecha de alta", "fecha de registro",
            "cliente desde", "customer date", "created at", "created",
        ))  # fmt: skip
    marketing_consent: Flag | None = field("Marketing consent", "Agreed to receive offers.",
        synonyms=(
            "opt in", "newsletter", "consent", "Newsletter", "toestemming", "accepts marketing", "marketing opt in",
            "subscribed", "Einwilligung", "Werbeeinwilligung", "nieuwsbrief", "consentement", "consentimiento", "boletín",
            "abonné",
        ))  # fmt: skip
    preferred_channel: Text | None = field("Preferred channel", "Channel the person prefers, by the client.", str_length=(1, 60),
        synonyms=(
            "channel", "Bevorzugter Kanal", "voorkeurskanaal", "preferred contact channel", "canal préféré",
            "canal preferido",
        ))  # fmt: skip
    segment: Text | None = field("Segment", "The client's own label for a group of customers.", str_length=(1, 100),
        synonyms=(
            "customer group", "tier", "Kundengruppe", "klantgroep", "groupe", "group", "segmento", "segment client",
            "Segment",
        ))  # fmt: skip
    order_count: Whole | None = field("Order count", "Orders so far.", unit="orders", ge=0,
        synonyms=(
            "orders", "number of orders", "Bestellungen", "aantal bestellingen", "order count", "orders count",
            "purchases", "nombre de commandes", "número de pedidos", "Anzahl Bestellungen", "Anzahl Käufe",
            "purchase count", "frequency",
        ))  # fmt: skip
    total_spend: Real | None = field("Total spend", "Money spent so far.", unit="currency",
        synonyms=(
            "spend", "revenue", "Umsatz gesamt", "Umsatz", "omzet", "chiffre d'affaires", "total spent", "lifetime value",
            "total revenue", "Gesamtumsatz", "totale omzet", "totaal besteed", "dépenses totales", "gasto total", "ventas",
        ))  # fmt: skip
    last_order_date: Day | None = field("Last order date", "Day of the latest order.", role="info",
        synonyms=(
            "last purchase", "Letzte Bestellung", "laatste bestelling", "dernière commande", "last order",
            "last purchase date", "date of last order", "letzter Kauf", "Datum letzte Bestellung", "laatste aankoop",
            "dernier achat", "último pedido", "última compra", "fecha última compra",
        ))  # fmt: skip


CONTRACT = of_model(
    "customers", "1.0", "Customers", "one row per consumer of the client", ("customer_id",), Customers,
    repeats="The same consumer, exported twice: one row is kept and the others are set aside.", rules=RULES,
)  # fmt: skip
