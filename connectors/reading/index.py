"""Which part of a workbook's archive holds which sheet, by the workbook's own list."""

from __future__ import annotations

import struct
import zipfile
from pathlib import PurePosixPath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

INDEX = 16 << 20
"""Bytes of the list of sheets at most."""
BUNDLE = b"\x9c\x01"
"""Record of a sheet in the list of an xlsb workbook."""


def parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Member by sheet name, in the workbook's order; empty where the list cannot be understood."""
    try:
        if "xl/workbook.bin" in archive.namelist():
            sheets, links = _binary(archive), _links(archive, "xl/_rels/workbook.bin.rels")
        else:
            listed = _xml(archive, "xl/workbook.xml")
            sheets = {sheet["name"]: sheet.get("id", "") for sheet in listed if "name" in sheet}
            links = _links(archive, "xl/_rels/workbook.xml.rels")
    except (KeyError, ParseError, DefusedXmlException, struct.error):
        return {}
    return {name: _member(links[link]) for name, link in sheets.items() if link in links}


def _member(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _links(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    return {link["Id"]: link["Target"] for link in _xml(archive, name) if "Id" in link and "Target" in link}


def _xml(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """Attributes of all elements of a small part, without their name spaces."""
    with archive.open(name) as content:
        document = fromstring(content.read(INDEX))
    return [{key.rpartition("}")[2]: value for key, value in sorted(element.attrib.items())} for element in document.iter()]


def _binary(archive: zipfile.ZipFile) -> dict[str, str]:
    """Link by sheet name, from the records of an xlsb workbook."""
    with archive.open("xl/workbook.bin") as content:
        data = content.read(INDEX)
    found: dict[str, str] = {}
    at = data.find(BUNDLE)
    while at >= 0:
        start = at + 2
        while data[start : start + 1] >= b"\x80":  # the record's size takes one to four bytes
            start += 1
        link, after = _text(data, start + 9)
        name, _ = _text(data, after)
        found |= {name: link} if link.startswith("rId") else {}
        at = data.find(BUNDLE, at + 2)
    return found


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 text, and where it ends."""
    end = at + 4 + 2 * min(struct.unpack_from("<I", data, at)[0], 1024)
    return data[at + 4 : end].decode("utf-16-le", "replace"), end
