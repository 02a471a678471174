"""Trainee: a model that is asked for, and the rows that it is to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from contracts import contract as contracts
from contracts.assumption import Assumption
from contracts.contract import Contract
from contracts.errors import SettingsError
from flows import products
from flows.asof import as_of, check_day
from flows.conductor import Conductor
from flows.lessons import lesson_rows
from flows.limits import Limits
from flows.order import Order, sources
from flows.preparing import input_kind, read_prepared
from flows.product import Product
from flows.propensity import Task
from flows.table import Table
from flows.workspace import Workspace
from models.inputs import Input
from models.scope import HOUSE, Scope


@dataclass(frozen=True)
class Lessons:
    """Rows to learn from.

    Parameters
    ----------
    table : pyarrow.Table
        Key, inputs, fields known only after the outcome, and the outcome.
    inputs : tuple of Input
    leaks : tuple of str
    key : str, optional
    scope : Scope
    source, as_of : str
    assumptions : tuple of Assumption
    """

    table: pa.Table
    inputs: tuple[Input, ...]
    leaks: tuple[str, ...]
    key: str | None
    scope: Scope
    source: str
    as_of: str
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True)
class Trainee:
    """A model that is asked for.

    Parameters
    ----------
    model : str
        Product, or ``product.client``.
    reference : str
        ``client/feed``, or the path of a table with one row per case and its outcome.
    allowed : tuple of str
        Clients that it may be used for, beside the owner of the rows; for a table, all that order the product where none is named.
    as_of : datetime.date, optional
    """

    model: str
    reference: str
    allowed: tuple[str, ...] = ()
    as_of: date | None = None

    @property
    def product(self) -> Product:
        """The product of the model.

        Raises
        ------
        SettingsError
            PRODUCT-UNKNOWN; PRODUCT-FITTED for one whose model is fitted on each submission.
        """
        found = products.get(self.model.partition(".")[0])
        if found.kind != "propensity":
            raise SettingsError(
                "PRODUCT-FITTED",
                f"the model of {found.name} is fitted on each submission: there is nothing to train",
                hint=f"millrace deliver CLIENT --product {found.name}",
            )
        return found


def of_table(workspace: Workspace, trainee: Trainee, table: Table) -> Lessons:
    """The rows of a table: every column but key, outcome, identifiers and days is an input.

    Raises
    ------
    SettingsError
        LABEL-MISSING.
    """
    product, owner = trainee.product, trainee.model.partition(".")[2] or HOUSE
    label = str(product.label)
    rows = table.with_outcome(label)
    contract = _contract(product)
    known, late = product.inputs(contract), product.leaks(contract)
    hidden = {name for name, field in contract.fields.items() if field.personal == "direct" or (field.role == "info" and name not in known)}
    names = [name for name in rows.column_names if name not in {label, *contract.key, *hidden}]
    inputs = tuple(given for name in names if (given := input_of(rows, name)) is not None)
    key = contract.key[0] if contract.key[0] in rows.column_names else None
    used = [*([key] if key else []), *(given.name for given in inputs), label]
    orders = tuple(name for name in workspace.clients() if product.name in workspace.client(name).products)
    allowed = tuple(sorted({*(trainee.allowed or orders)} - {owner}))
    return Lessons(
        rows.select(used),
        inputs,
        tuple(name for name in late if name in names),
        key,
        Scope(owner, allowed),
        table.sha256,
        trainee.as_of.isoformat() if trainee.as_of else "",
    )


def _contract(product: Product) -> Contract:

    return contracts.get(product.base)


def input_of(rows: pa.Table, name: str) -> Input | None:
    kind = rows.column(name).type
    if any(test(kind) for test in (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)):
        return Input(name, "number")
    return Input(name, "category") if pa.types.is_string(kind) or pa.types.is_dictionary(kind) else None


def of_feed(conduct: Conductor, workspace: Workspace, trainee: Trainee) -> Lessons:
    """The rows of a feed's newest submission, with the outcomes that it holds or that its history shows."""
    product, name = trainee.product, trainee.reference.partition("/")[0]
    client = workspace.client(name)
    workspace.feed(trainee.reference)
    order = Order(name, product.name, as_of=trainee.as_of)
    given = sources(workspace, order, product)
    day = as_of(trainee.as_of, given.values())
    if lines := given.get("transactions"):
        check_day(day, lines, client.time_zone)
    task = Task(workspace, client, product, given, day, Limits())
    past, _, _, fields, about = lesson_rows(conduct, task)
    batch, label = read_prepared(past), str(product.label)
    late = tuple(product.leaks(task.base.feed.table))
    table = batch.table.filter(batch.column(label).is_valid())
    names = [*task.base.feed.table.key, *(field.name for field in fields), *(leak for leak in late if leak in table.column_names), label]
    submissions = ",".join(each.id for source in given.values() for each in source.submissions)
    return Lessons(
        table.select(list(dict.fromkeys(names))),
        tuple(input_kind(field) for field in fields),
        late,
        task.base.feed.table.key[0],
        Scope(name, tuple(sorted(set(trainee.allowed) - {name}))),
        submissions,
        day.iso,
        about.assumptions,
    )
