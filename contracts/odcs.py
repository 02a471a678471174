"""Contracts as ODCS files (Open Data Contract Standard 3.0 to 3.2): read, written, and taken in to be used by their name."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.contract import SHIPPED, Contract
from contracts.errors import ContractError, Place
from contracts.shelf import ENDING
from contracts.standard.merge import merged
from contracts.standard.naming import folded
from contracts.standard.quoting import write
from contracts.standard.reading import contract_of
from contracts.standard.relations import by_names
from contracts.standard.text import LARGEST, Document, read
from contracts.standard.writing import document_of


def export(contract: Contract) -> str:
    """The contract as YAML of ODCS 3.2; of a contract that others wrote, their document with what changed since.

    Raises
    ------
    ContractError
        ODCS-NESTED where a change is in a nested object of a document by others.

    Examples
    --------
    >>> from contracts.contract import get
    >>> print("\\n".join(export(get("customers")).splitlines()[:3]))
    version: "1.0"
    kind: DataContract
    apiVersion: v3.2.0
    """
    written = document_of(contract)
    if not contract.document:
        return write(written)
    theirs = json.loads(contract.document)
    before = document_of(contract_of(Document(contract.name, theirs, {}), contract.name))
    return write(merged(theirs, before, written))


def parse(text: str, file: str = "contract.odcs.yaml", table: str | None = None) -> Contract:
    """The contract in an ODCS file's text.

    Parameters
    ----------
    text : str
    file : str
        The file's name, for messages.
    table : str, optional
        Which one, where the file describes several.

    Raises
    ------
    ContractError
        ODCS-UNREADABLE, ODCS-VERSION, ODCS-INVALID, ODCS-TABLES, ODCS-NAMES, ODCS-UNSUPPORTED, PATTERN-UNKNOWN, CHECK-UNKNOWN, RULE-FIELD,
        RULE-ARGUMENTS, each with its line.

    Examples
    --------
    >>> from contracts.contract import get
    >>> parse(export(get("transactions"))) == get("transactions")
    True
    """
    return _parsed(read(text, file), table)


def _parsed(document: Document, table: str | None) -> Contract:
    contract = contract_of(document, table)
    kept = _only(document, contract.name)
    if document_of(contract) == kept:
        return contract
    return replace(contract, document=json.dumps(kept, ensure_ascii=False))


def _only(document: Document, name: str) -> dict[str, Any]:
    """The document without the other tables that it describes."""
    data: dict[str, Any] = document.data
    mine = [one for one in data["schema"] if folded(str(one["name"])) == name]
    return data if len(mine) == len(data["schema"]) else {**data, "schema": by_names(mine, document)}


def load(path: Path, table: str | None = None) -> Contract:
    """The contract in a file.

    Raises
    ------
    ContractError
        ODCS-MISSING, and as `parse`.
    """
    return parse(_text(path), path.name, table)


def _text(path: Path) -> str:
    """The text of a file, of which no more is read than a contract can have."""
    place = Place(file=path.name or str(path))
    try:
        if not path.is_file() and path.exists():
            raise ContractError("ODCS-MISSING", "this is no file", place=place, expected="a YAML file", hint="check the path")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise ContractError(
            "ODCS-MISSING", "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be read", place=place,
            found=type(error).__name__, hint="check the path",
        ) from None  # fmt: skip
    if len(raw) > LARGEST:
        most = f"at most {LARGEST >> 10} KiB"
        hint = "is it the contract? its data belong into `millrace intake`"
        raise ContractError("ODCS-UNREADABLE", "the file is too large for a contract", place=place, expected=most, hint=hint)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContractError("ODCS-UNREADABLE", "the file is no text in UTF-8", place=place, hint="save it as UTF-8") from None


def import_file(path: Path, folder: Path, table: str | None = None) -> Contract:
    """Take an ODCS file in, so that its contract is found by its name: checked, and put into `folder` as ``name@version.odcs.yaml``.

    Parameters
    ----------
    path : Path
    folder : Path
        Where imported contracts lie; made where it is not there.
    table : str, optional
        Which one, where the file describes several.

    Raises
    ------
    ContractError
        As `load`; CONTRACT-TAKEN for the name of a contract that is shipped, CONTRACT-EXISTS where this version is there with another
        content, ODCS-VERSION-NAME for a version that cannot be part of a file's name, ODCS-UNWRITABLE.
    """
    text = _text(path)
    document = read(text, path.name)
    contract = _parsed(document, table)
    there = folder / f"{contract.id}{ENDING}"
    _free(contract, there, Place(file=path.name))
    _put(text if len(document.data["schema"]) == 1 else export(contract), there)
    return contract


def _free(contract: Contract, there: Path, place: Place) -> None:
    """Refuse a contract whose name or version is another's."""
    if contract.name in SHIPPED:
        raise ContractError(
            "CONTRACT-TAKEN", f"{contract.name} is a contract that is shipped", place=place,
            hint="give the table another name, or add fields to a feed under `extensions:`",
        )  # fmt: skip
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}", contract.version):
        raise ContractError(
            "ODCS-VERSION-NAME", "the version has other signs", place=place, expected="letters, digits, points and dashes",
            hint="write a version such as 1.0.0",
        )  # fmt: skip
    try:
        same = not os.path.lexists(there) or load(there).digest == contract.digest
    except ContractError as error:
        raise ContractError(
            "CONTRACT-EXISTS", f"{contract.id} is there, but damaged: {error.message}", place=place, found=str(there),
            hint="remove that file, then import again",
        ) from None  # fmt: skip
    if not same:
        raise ContractError(
            "CONTRACT-EXISTS", f"{contract.id} is there with another content", place=place,
            hint="give what has changed a new version; `millrace contracts diff` says what has",
        )  # fmt: skip


def _put(text: str, there: Path) -> None:
    """Write a file, or nothing of it."""
    new = there.with_name(f".{there.name}.{os.getpid()}")
    try:
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new.write_text(text, encoding="utf-8")
        new.replace(there)
    except OSError as error:
        with suppress(OSError):
            new.unlink()
        raise ContractError(
            "ODCS-UNWRITABLE", "the contract cannot be kept", place=Place(file=str(there)), found=os.strerror(error.errno or 0),
            hint="MILLRACE_HOME names a folder that may be written to",
        ) from None  # fmt: skip
