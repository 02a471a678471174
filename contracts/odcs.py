"""Contracts as ODCS files (Open Data Contract Standard 3.0 to 3.2): read, written, and taken in to be used by their name."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.contract import SHIPPED, Contract
from contracts.errors import ContractError, Place
from contracts.shelf import ENDING
from contracts.standard import text as yaml
from contracts.standard.merge import merged
from contracts.standard.reading import contract_of, folded
from contracts.standard.text import Document
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
        return yaml.write(written)
    theirs = json.loads(contract.document)
    before = document_of(contract_of(Document(contract.name, theirs, {}), contract.name))
    return yaml.write(merged(theirs, before, written))


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
    document = yaml.read(text, file)
    contract = contract_of(document, table)
    kept = _only(document.data, contract.name)
    if document_of(contract) == kept:
        return contract
    return replace(contract, document=json.dumps(kept, ensure_ascii=False))


def _only(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The document without the other tables that it describes."""
    return {key: [one for one in value if folded(str(one["name"])) == name] if key == "schema" else value for key, value in data.items()}


def load(path: Path, table: str | None = None) -> Contract:
    """The contract in a file.

    Raises
    ------
    ContractError
        ODCS-MISSING, and as `parse`.
    """
    return parse(_text(path), path.name, table)


def _text(path: Path) -> str:
    place = Place(file=path.name)
    try:
        size = path.stat().st_size
        if size > yaml.LARGEST:
            most = f"at most {yaml.LARGEST >> 10} KiB"
            raise ContractError("ODCS-UNREADABLE", "the file is too large for a contract", place=place, expected=most)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ContractError("ODCS-UNREADABLE", "the file is no text in UTF-8", place=place, hint="save it as UTF-8") from None
    except OSError as error:
        raise ContractError(
            "ODCS-MISSING", "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be read", place=place,
            found=type(error).__name__, hint="check the path",
        ) from None  # fmt: skip


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
        content, ODCS-VERSION-NAME for a version that cannot be part of a file's name.
    """
    contract = load(path, table)
    place = Place(file=path.name)
    if contract.name in SHIPPED:
        raise ContractError(
            "CONTRACT-TAKEN", f"{contract.name} is a contract that is shipped", place=place,
            hint="give the table another name, or add fields to a feed under `extensions:`",
        )  # fmt: skip
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}", contract.version):
        raise ContractError("ODCS-VERSION-NAME", "the version has other signs", place=place, expected="letters, digits, points and dashes")
    there = folder / f"{contract.id}{ENDING}"
    if there.exists() and load(there).digest != contract.digest:
        raise ContractError(
            "CONTRACT-EXISTS", f"{contract.id} is there with another content", place=place,
            hint="give what has changed a new version; `millrace contracts diff` says what has",
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = yaml.read(_text(path), path.name)
    new = folder / f".{there.name}.{os.getpid()}"
    new.write_text(_text(path) if len(whole.data["schema"]) == 1 else export(contract), encoding="utf-8")
    new.replace(there)
    return contract
