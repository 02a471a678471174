"""What consumers bought and returned, one row per order line."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Moment, Real, Text, field
from contracts.rules import ForeignKey, Rule


class Transactions(DataFrameModel):
    """One row per order line; a negative quantity is a return."""

    order_id: Text = field("Order id", "The client's key of the order.", role="key", on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "invoice", "InvoiceNo", "order number", "Bestellnummer", "ordernummer", "commande", "order no",
            "order reference", "receipt number", "transaction id", "Auftragsnummer", "Rechnungsnummer", "bestelnummer",
            "factuurnummer", "numéro de commande", "numéro de facture", "número de pedido", "número de factura", "pedido",
        ))  # fmt: skip
    line_id: Text = field("Line id", "The line within the order; the position within the order where the file has none.", role="key",
        on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "line", "position", "Position", "regel", "line number", "row id", "Zeile", "ligne", "línea", "regelnummer",
        ))  # fmt: skip
    customer_id: Text = field("Customer id", "Who bought.", role="key", on_bad="reject", nullable=False, str_length=(1, 64),
        synonyms=(
            "CustomerID", "Kundennummer", "klantnummer", "client", "customer id", "client id", "customer number",
            "numéro client", "id cliente", "número de cliente", "user id", "member id",
        ))  # fmt: skip
    ordered_at: Moment = field("Order date", "Moment of the order, in UTC.", role="info", on_bad="reject", nullable=False,
        synonyms=(
            "order date", "InvoiceDate", "Bestelldatum", "besteldatum", "date de commande", "purchase date",
            "transaction date", "order time", "Kaufdatum", "Rechnungsdatum", "aankoopdatum", "factuurdatum",
            "date d'achat", "date de facture", "fecha de pedido", "fecha de compra", "fecha", "date", "Datum",
            "created at", "created", "timestamp",
        ))  # fmt: skip
    product_id: Text | None = field("Product id", "The client's key of the product.", role="info", str_length=(1, 64),
        synonyms=(
            "SKU", "StockCode", "article number", "Artikelnummer", "artikelnummer", "product number", "item number",
            "item id", "product code", "Produktnummer", "productnummer", "productcode", "référence produit",
            "référence article", "código de producto", "artículo id", "lineitem sku", "article id",
        ))  # fmt: skip
    product_name: Text | None = field("Product", "Name of the product.", role="info", str_length=(1, 300),
        synonyms=(
            "description", "article", "Artikel", "omschrijving", "product", "product title", "item name", "item", "title",
            "Produkt", "Bezeichnung", "Artikelbezeichnung", "productnaam", "désignation", "produit", "nombre del producto",
            "producto", "artículo", "descripción", "name",
        ))  # fmt: skip
    category: Text | None = field("Category", "The client's product category.", str_length=(1, 100),
        synonyms=(
            "product line", "department", "Warengruppe", "categorie", "product category", "Kategorie", "productgroep",
            "catégorie", "rayon", "categoría",
        ))  # fmt: skip
    quantity: Real | None = field("Quantity", "Pieces; negative for a return.", unit="pieces",
        synonyms=(
            "qty", "Menge", "aantal", "quantité", "quantity", "Anzahl", "Stückzahl", "hoeveelheid", "nombre", "cantidad",
            "units", "pieces",
        ))  # fmt: skip
    unit_price: Real | None = field("Unit price", "Price of one piece.", unit="currency", currency="currency", ge=0,
        synonyms=(
            "price", "UnitPrice", "Einzelpreis", "prijs", "prix", "price each", "item price", "list price", "Stückpreis",
            "Preis", "stuksprijs", "eenheidsprijs", "prix unitaire", "precio unitario", "precio",
        ))  # fmt: skip
    amount: Real | None = field("Amount", "Price of the line; negative for a return.", unit="currency", currency="currency",
        synonyms=(
            "line total", "total", "Betrag", "bedrag", "montant", "line amount", "sales", "value", "total price",
            "total amount", "order total", "order value", "revenue", "Gesamtpreis", "Summe", "Umsatz", "totaal",
            "totaalbedrag", "omzet", "total ligne", "montant total", "importe", "importe total",
        ))  # fmt: skip
    currency: Text | None = field("Currency", "ISO 4217 code.", role="info", str_matches=r"^[A-Z]{3}$",
        synonyms=(
            "Währung", "valuta", "devise", "currency code", "moneda", "munt", "Währungscode",
        ))  # fmt: skip
    channel: Text | None = field("Channel", "Where the order was placed.", str_length=(1, 60),
        synonyms=(
            "Kanal", "kanaal", "canal", "sales channel", "order channel", "source", "source name", "Vertriebskanal",
            "verkoopkanaal", "canal de vente", "canal de venta",
        ))  # fmt: skip
    country: Text | None = field("Country", "ISO 3166 alpha-2 code of delivery.", role="info", str_matches=r"^[A-Z]{2}$",
        synonyms=("Land", "pays", "shipping country", "delivery country", "Lieferland", "país"))  # fmt: skip


CONTRACT = of_model(
    "transactions", "1.0", "Transactions", "one row per order line", ("order_id", "line_id"), Transactions, history=True,
    repeats="The same line of the same order, exported twice: it was bought once, so one is kept and the others are set aside.",
    references=(ForeignKey(("customer_id",), "customers", ("customer_id",)),),
    rules=(Rule("one_customer", "one_value", ("order_id", "customer_id"), words="An order is one customer's."),),
)  # fmt: skip
