"""Consumers with a running contract, one row each."""

from __future__ import annotations

from contracts.contract import of_model
from contracts.customers import RULES, Customers
from contracts.fields import Flag, Real, Text, Whole, field


class Subscribers(Customers):
    """One row per consumer with a running contract."""

    tenure_months: Whole | None = field("Tenure", "Completed months as a customer.", unit="months", ge=0, le=1200,
        synonyms=(
            "tenure", "months", "Laufzeit Monate", "duur", "tenure months", "months as customer", "Vertragsdauer",
            "Laufzeit", "looptijd", "ancienneté", "antigüedad", "mois",
        ))  # fmt: skip
    contract_term: Text | None = field("Contract term", "How long the contract binds.", allowed=("month", "one_year", "two_year", "other"),
        synonyms=(
            "contract", "term", "Vertragslaufzeit", "contractduur", "contract type", "contract length", "Vertragsart",
            "durée du contrat", "duración del contrato", "contracttype",
        ))  # fmt: skip
    monthly_charge: Real | None = field("Monthly charge", "Price per month.", unit="currency per month", ge=0,
        synonyms=(
            "monthly charges", "monthly fee", "Monatspreis", "maandbedrag", "monthly charge", "monthly price",
            "Monatsbeitrag", "Monatsgebühr", "monatliche Kosten", "maandprijs", "maandelijkse kosten", "mensualité",
            "prix mensuel", "cuota mensual", "precio mensual",
        ))  # fmt: skip
    total_charge: Real | None = field("Total charge", "Charged since the contract began.", unit="currency", ge=0,
        synonyms=(
            "total charges", "Gesamtbetrag", "totaalbedrag", "total charge", "total billed", "Gesamtkosten",
            "totale kosten", "montant total facturé", "total facturado", "coste total",
        ))  # fmt: skip
    payment_method: Text | None = field("Payment method", "How the person pays.", str_length=(1, 60),
        synonyms=(
            "payment", "Zahlungsart", "betaalwijze", "mode de paiement", "payment type", "Zahlungsmethode",
            "Zahlungsweise", "betaalmethode", "moyen de paiement", "método de pago", "forma de pago",
        ))  # fmt: skip
    churned: Flag | None = field("Churned", "Left in the period after the file's date.", role="label",
        synonyms=(
            "churn", "left", "gekündigt", "opgezegd", "churned", "attrition", "exited", "Kündigung", "abgewandert",
            "résilié", "baja", "cancelado",
        ))  # fmt: skip


CONTRACT = of_model(
    "subscribers", "1.0", "Subscribers", "one row per consumer with a running contract", ("customer_id",), Subscribers,
    repeats="The same consumer, exported twice: one row is kept and the others are set aside.", rules=RULES,
)  # fmt: skip
