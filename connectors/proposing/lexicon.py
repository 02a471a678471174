"""Words of headers in English, German, Dutch, French and Spanish with their meanings; words that make a header mean something else.

A form is folded: small, without accents, ``ß`` as ``ss``, umlauts without the dots. A form may stand for several words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


FORMS: Mapping[str, str] = {
    "customer": "customer customers cust client clients cliente clientes kunde kunden klant klanten member members subscriber user users "
    "lead leads person persons people prospect buyer acheteur comprador consumer abonne abonnent abonnee contactperson mitglied "
    "patron shopper kd kdn debitor debiteur abonado socio usuario utilisateur gebruiker benutzer teilnehmer verbraucher consommateur "
    "consumidor mandant guest gast interessent",
    "id": "id ids identifier identifiant identificador kennung key nr no num number nummer numero nbr nummern uid uuid guid ident",
    "code": "code codigo kode",
    "name": "name names nom nombre naam namen noms",
    "first": "first fore given vor voor christian forename pre",
    "last": "last letzte letzter letztes laatste derniere dernier ultima ultimo latest recent most family sur vorig vorige passe "
    "passee pasado pasada zuletzt jungste reciente recente dernieres ultimos ultimas",
    "full": "full complete voll vollstandiger volledige complet completo whole",
    "salutation": "salutation anrede aanhef civilite tratamiento honorific prefix prefijo",
    "title": "title titel titre titulo titles",
    "email": "email emails mail mails courriel correo emailaddress emailadresse mailadresse mailaddress elettronica",
    "phone": "phone phones telephone tel telefon telefoon telefono telefonnr fon rufnummer telefoonnummer phonenumber whatsapp",
    "mobile": "mobile handy mobil gsm cell cellphone portable movil mobiltelefon mobilnummer mobiel celular mob",
    "address": "address addr adresse adres direccion anschrift domicilio adr",
    "street": "street str strasse straat rue calle road strassenname streetname voie via chemin",
    "house": "house haus huis hausnr",
    "city": "city town ort stadt plaats woonplaats ville ciudad wohnort suburb locality municipality commune gemeinde gemeente localidad "
    "poblacion stad cidade municipio wohnsitz domicile residence",
    "state": "state bundesland estado bundesstaat",
    "county": "county landkreis condado",
    "province": "province provincie provincia provinz",
    "region": "region regio departement canton kanton comunidad area",
    "postcode": "postcode zip zipcode postal postale postalcode plz postleitzahl postcodes codepostal cp postnummer postnr plznr",
    "country": "country countries land lander pays pais nation staat nationality",
    "birth": "birth geburt geburts geboorte naissance nacimiento born geboren geb naiss nac gebdat gebjahr",
    "date": "date datum fecha dt day jour tag dia dates daten",
    "time": "time zeit uhrzeit heure hora tijd timestamp datetime moment zeitpunkt",
    "age": "age alter leeftijd edad ages",
    "group": "group gruppe groep groupe grupo band range bracket bucket tranche groups gruppen category kategorie "
    "categorie categoria familie famille familia kategorien rubriek rubrik rubrique",
    "gender": "gender sex geschlecht geslacht sexe genero sexo",
    "marital": "marital familienstand matrimonial zivilstand partnerschaft huwelijkse",
    "status": "status statut estatus zustand",
    "education": "education ausbildung bildung opleiding formation educacion schooling degree bildungsabschluss schulabschluss etudes "
    "estudios "
    "bildungsstand diplome diploma onderwijs studie studium",
    "level": "level niveau nivel stufe grad",
    "occupation": "occupation job profession beruf beroep profesion ocupacion metier trabajo tatigkeit arbeit werk puesto emploi "
    "empleo baan",
    "position": "position posicion stelle functie role pos",
    "income": "income salary einkommen inkomen revenu revenus ingresos ingreso gehalt salaire salario wage wages earnings inkomsten "
    "verdienst einkunfte inkomens renta rente",
    "annual": "annual yearly jahres jahrlich jaar jaarlijks annuel annuelle anual yr jahr year an annee ano year",
    "signup": "signup sign registration registered registrierung registriert anmeldung anmelde angemeldet inscription registro enrolment "
    "enrollment joined join joining enrolled inscrit aangemeld aanmelding alta beitritt eintritt inschrijving inscripcion eingetreten "
    "lidsinds einschreibung ingeschreven inschrijf abonnementsdatum",
    "since": "since seit sinds depuis desde",
    "created": "created creation erstellt angelegt cree aangemaakt creado creacion erfasst",
    "consent": "consent optin newsletter permission einwilligung toestemming consentement consentimiento subscribed subscription "
    "newsletters "
    "opted optedin agree agreed abonnement zustimmung optout accord aceptacion nieuwsbrief infolettre boletin werbeerlaubnis akkoord",
    "marketing": "marketing werbung publicite publicidad promotional promotions",
    "accept": "accepts accept accepted akzeptiert accepte acepta",
    "channel": "channel channels kanal kanaal canal kanale medium weg via kanalen voie",
    "preferred": "preferred preference bevorzugter bevorzugte bevorzugt voorkeur voorkeurs prefere preferido preferida favourite favorite",
    "segment": "segment segments segmento segmentation tier",
    "order": "order orders bestellung bestellungen bestelling bestellingen bestell bestel commande commandes pedido pedidos purchase "
    "purchases "
    "kauf kaufe einkauf einkaufe achat achats compra compras auftrag auftrage aankoop aankopen transaction transactions transaktion "
    "transaktionen transactie transaccion ord bought",
    "invoice": "invoice invoices rechnung rechnungs factuur facture factura bill receipt bon beleg kassenbon",
    "count": "count anzahl aantal cnt frequency anz nombres zahl times ",
    "total": "total gesamt totaal totale sum summe lifetime overall insgesamt cumulative ltv totales",
    "spend": "spend spent spending umsatz umsatze omzet turnover gasto gastado depense besteed ausgaben depenses monetary totalspend "
    "besteding bestedingen uitgaven consumo facturado",
    "revenue": "revenue revenues sales ventas ventes",
    "tenure": "tenure laufzeit vertragsdauer looptijd anciennete antiguedad duur",
    "month": "month months monat monate monats mois mes meses maand maanden monthly monatlich mensuel mensuelle mensual maandelijks "
    "maandelijkse mo monatlicher maands",
    "contract": "contract vertrag vertrags contrat contrato",
    "term": "term terms duration dauer duree duracion",
    "charge": "charge charges fee fees gebuhr gebuhren kosten cost costs tarif tarief cuota frais",
    "payment": "payment payments zahlung zahlungs zahl betaal betaling betalings paiement pago pagos bezahl pay",
    "method": "method methode weise wijze metodo forma art",
    "churn": "churn churned left gekundigt opgezegd resilie cancelado abgang kundigung attrition exited abgewandert opzegging baja "
    "abwanderung perdu perdido lost verloren departed cancelled canceled parti weg verlassen abandono",
    "previous": "previous prior fruhere fruheren vorherige vorige eerdere precedent precedents previo previos anterior anteriores "
    "before past",
    "contact": "contact contacts kontakt kontakte contacto contactos contacten contacted kontaktiert kontaktiert contactar benadering",
    "outcome": "outcome result ergebnis resultaat resultat resultado uitkomst issue ausgang",
    "response": "response responded antwort geantwortet reponse respuesta reactie responder reagiert gereageerd repondu respondio "
    "converted "
    "conversion",
    "product": "product products produkt produkte article articles artikel artikels item items articulo articulos produit produits "
    "producto "
    "productos lineitem ware stock art referentie goods merchandise",
    "sku": "sku ean upc gtin asin mpn",
    "description": "description beschreibung bezeichnung omschrijving descripcion designation bez desc libelle",
    "line": "line zeile regel ligne linea row lines",
    "quantity": "quantity qty menge quantite cantidad stuck stuckzahl pieces units hoeveelheid stuks pcs qte stueck nombrearticles "
    "unidades unites eenheden anzahlstuck",
    "price": "price preis prijs prix precio prices tarifa prijzen tarifas cout",
    "unit": "unit einzel stuk unitaire unitario each stuckpreis einzelne per pro",
    "amount": "amount betrag bedrag montant importe value wert waarde valeur valor dollar amt monto total_amount summe somme bruto "
    "brutto netto ttc",
    "currency": "currency wahrung valuta devise moneda munt devises curr",
    "department": "department abteilung warengruppe warengruppen afdeling rayon departamento sortiment artikelgruppe productgroep",
    "shipping": "shipping ship delivery liefer lieferung livraison envio verzend lieferadresse shipped bezorg entrega",
    "billing": "billing rechnungsadresse facturation facturacion billed",
    "birthday": "birthday bday geburtstag verjaardag birthdate cumpleanos dob anniversaire",
    "first name": "firstname vorname voornaam prenom fname givenname forename vornamen rufname prenoms",
    "last name": "lastname surname nachname achternaam lname familyname familienname apellido apellidos zuname hausname patronyme",
    "full name": "fullname",
    "customer id": "kdnr custno custid custnr clientid cid",
    "order id": "orderid orderno ordernr bestellnr",
    "phone id": "telnr",
    "online": "online web internet",
}
"""Meaning: the forms of it. A meaning of two words is two meanings at once."""

FOREIGN = _all(
    "company companies organization organisation organizations firm firma unternehmen entreprise empresa bedrijf societe business "
    "employer "
    "vendor supplier suppliers manufacturer brand merchant shop store ad ads adset campaign campaigns form sender from sent subject "
    "owner rep agent employee staff seller salesperson manager advisor representative verkaufer vendeur vendedor handler "
    "gift recipient giver referrer referrers referring spouse emergency father mother maiden middle nick nickname yomi suffix initials "
    "card cvv bin type typ types tipo verified deleted updated update modified changed synced sync geandert "
    "tax taxes taxable vat mwst steuer tva iva btw duties discount discounts rabatt remise korting coupon code "
    "weight grams gewicht latitude longitude lat lon lng url link website web site image img photo domain ip "
    "device browser os keyword template flow message note notes tags tag comment comments handle token hash session cookie click "
    "source lead_source owner source_name rating score scores password passwort locale language sprache langue timezone gmtoff dstoff "
    "refund refunded returned authorization gateway receipt fulfillment fulfilled fulfillable cancelled canceled closed processed "
    "paid due "
    "expected next scheduled expiration expires expiry end ende start begin fax file page bounce exit deadline "
    "subtotal balance outstanding profit margin standard compare inventory barcode variant option parent refund_id "
    "location relation sensitivity priority mileage hobby directory server industry branche sector wealth property "
    "ssn soc sec social security blocking passport license iban bic account konto cuenta compte rekening exchange rate kurs koers "
    "service services plan package tariff senior partner dependents kid kids teen children household deceased indicator "
    "visit visits session duration seconds minutes login signin sign_in sla rate percent percentage ratio share "
    "symbol alias group_id tier_title member_rating size class colour color model width height length depth bike"
)
"""Words that make a header mean something else, unless a field's own names have them."""

NEUTRAL = _all(
    "the a an my your our their his her its of de du des der die das den del della la le les el los las van von for fur pour para par "
    "und and et y en "
    "is in on at to l d s primary main principal haupt home personal private privat default current new value values text field info "
    "data "
    "information details custom electronic electronique electronico elektronische required optional please enter what where which"
)
"""Words that leave a header's meaning as it is."""

MILD = frozenset(
    {"customer", "billing", "address", "contact", "id", "code", "date", "time", "full", "total", "annual", "mobile", "shipping"}
)
"""Meanings that a header may have beside a field's name, at a small price, where `ALLOWS` names them."""

ALLOWS: Mapping[str, frozenset[str]] = {
    "customer_id": frozenset({"code"}),
    "first_name": frozenset({"customer", "billing", "contact", "address", "shipping"}),
    "last_name": frozenset({"customer", "billing", "contact", "address", "shipping"}),
    "salutation": frozenset({"customer", "name"}),
    "email": frozenset({"customer", "address", "contact", "billing", "id"}),
    "phone": frozenset({"customer", "id", "contact", "billing", "mobile", "address", "shipping"}),
    "street": frozenset({"customer", "address", "billing", "line", "contact", "name", "shipping"}),
    "city": frozenset({"customer", "address", "billing", "contact", "name", "shipping"}),
    "region": frozenset({"customer", "address", "billing", "contact", "name", "code", "shipping"}),
    "postcode": frozenset({"customer", "address", "billing", "contact", "code", "shipping"}),
    "country": frozenset({"customer", "address", "billing", "contact", "name", "code", "shipping"}),
    "birth_date": frozenset({"customer", "time"}),
    "age": frozenset({"customer"}),
    "gender": frozenset({"customer"}),
    "marital_status": frozenset({"customer"}),
    "education": frozenset({"customer", "level"}),
    "occupation": frozenset({"customer", "title", "name"}),
    "income": frozenset({"customer", "annual", "total", "amount"}),
    "signup_date": frozenset({"customer", "date", "time"}),
    "marketing_consent": frozenset({"customer", "marketing", "email"}),
    "preferred_channel": frozenset({"customer", "contact"}),
    "segment": frozenset({"customer", "name"}),
    "order_count": frozenset({"customer", "total"}),
    "total_spend": frozenset({"customer", "total", "amount"}),
    "last_order_date": frozenset({"customer", "time"}),
    "ordered_at": frozenset({"date", "time", "order"}),
    "order_id": frozenset({"code"}),
    "product_id": frozenset({"code"}),
    "product_name": frozenset({"order"}),
    "quantity": frozenset({"order", "product", "line"}),
    "unit_price": frozenset({"product", "line"}),
    "amount": frozenset({"order", "product", "line"}),
    "currency": frozenset({"order", "code"}),
    "category": frozenset({"name"}),
    "channel": frozenset({"order", "name"}),
    "payment_method": frozenset({"customer"}),
    "churned": frozenset({"customer"}),
    "responded": frozenset({"customer"}),
    "contact_channel": frozenset({"customer"}),
    "contact_month": frozenset({"contact", "last"}),
    "full_name": frozenset({"customer", "contact", "billing", "full", "shipping", "address"}),
    "house": frozenset({"id", "street", "address"}),
    "birth_year": frozenset({"customer"}),
    "time": frozenset({"order"}),
}

EXCLUDES: Mapping[str, frozenset[str]] = {
    "unit_price": frozenset({"total", "spend", "shipping", "month"}),
    "amount": frozenset({"unit", "shipping", "spend"}),
    "contact_channel": frozenset({"phone", "email", "date", "time", "name", "id", "mobile", "address", "last"}),
    "preferred_channel": frozenset({"id", "date", "time"}),
    "contacted_on": frozenset({"phone", "email", "name", "id"}),
    "responded": frozenset({"amount", "time", "date", "currency", "id", "previous"}),
    "churned": frozenset({"date", "time", "id"}),
    "marketing_consent": frozenset({"time", "date", "id", "method"}),
    "first_name": frozenset({"order", "product", "contract"}),
    "last_name": frozenset({"order", "product", "contract", "contact"}),
    "street": frozenset({"email", "id"}),
    "email": frozenset({"marketing", "consent", "date"}),
    "phone": frozenset({"contract", "payment"}),
    "signup_date": frozenset({"last", "birth"}),
    "last_order_date": frozenset({"first", "birth"}),
    "birth_date": frozenset({"order", "contract"}),
    "total_spend": frozenset({"month", "count"}),
    "order_count": frozenset({"date", "spend", "last"}),
    "order_id": frozenset({"customer", "product", "line", "count", "date", "time", "amount", "total", "status"}),
    "product_id": frozenset({"order", "customer", "line"}),
    "customer_id": frozenset(
        {"order", "product", "email", "phone", "mobile", "payment", "address", "invoice", "channel", "contract", "group"}
    ),
    "gender": frozenset({"title"}),
    "country": frozenset({"phone", "state"}),
    "region": frozenset({"country", "phone", "status", "order"}),
    "age": frozenset({"date", "group"}),
    "previous_contacts": frozenset({"outcome", "date", "time"}),
}
"""Words beside a field's name that make it another thing."""

GENERIC = frozenset(
    {
        "id",
        "name",
        "date",
        "title",
        "amount",
        "time",
        "created",
        "total",
        "code",
        "value",
        "number",
        "description",
        "count",
        "price",
        "group",
    }
)
"""Words that say what a thing is only with another one: beside an unknown word they mean nothing."""


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Every known form and what it means.

    Examples
    --------
    >>> sorted(meanings()["vorname"]), sorted(meanings()["kunden"]), sorted(meanings()["dob"])
    (['first', 'name'], ['customer'], ['birth', 'date'])
    """
    found: dict[str, frozenset[str]] = {}
    for meaning, forms in FORMS.items():
        words = frozenset(("birth", "date") if meaning == "birthday" else meaning.split())
        for form in forms.split():
            found.setdefault(form, words)
    return found


@cache
def known() -> frozenset[str]:
    """Every word that is known, whatever it means."""
    return frozenset(meanings()) | FOREIGN | NEUTRAL
