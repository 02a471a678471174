"""A large consumer file from a seed, and what a proposal for it costs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

SYLLABLES = np.array(["an", "be", "ka", "lor", "mi", "nu", "ri", "sa", "ter", "vo", "wen", "zi"])
COMMAND = "import sys, pathlib; from tests.connectors.proposing import proposals; proposals.proposed_file(pathlib.Path(sys.argv[1]))"
Texts = npt.NDArray[np.str_]


def write(path: Path, rows: int, seed: int) -> Path:
    """Twenty columns of consumers as a German export, semicolons between."""
    rng = np.random.default_rng(seed)
    csv.write_csv(pa.table(_columns(rng, rows)), path, csv.WriteOptions(delimiter=";"))
    return path


def _columns(rng: np.random.Generator, rows: int) -> dict[str, Texts]:
    return {**_person(rng, rows), **_address(rng, rows), **_customer(rng, rows)}


def _person(rng: np.random.Generator, rows: int) -> dict[str, Texts]:
    first, last = _words(rng, rows, 2), _words(rng, rows, 3)
    return {
        "Kundennummer": _joined("K-", _digits(rng, rows, 7)),
        "Anrede": rng.choice(["Frau", "Herr", ""], rows),
        "Vorname": np.char.title(first),
        "Nachname": np.char.title(last),
        "E-Mail": _joined(_joined(_joined(first, "."), last), "@example.org"),
        "Telefon": _joined("0151 ", _digits(rng, rows, 8)),
        "Geburtsdatum": _days(rng, rows, 1940, 65),
        "Geschlecht": rng.choice(["w", "m", "d"], rows),
        "Familienstand": rng.choice(["ledig", "verheiratet", "geschieden"], rows),
    }


def _address(rng: np.random.Generator, rows: int) -> dict[str, Texts]:
    return {
        "Straße": _joined(_joined(np.char.title(_words(rng, rows, 3)), "weg "), _digits(rng, rows, 2)),
        "PLZ": _digits(rng, rows, 5),
        "Ort": np.char.title(rng.choice(_words(rng, 400, 2), rows)),
        "Land": rng.choice(["DE", "AT", "CH"], rows),
    }


def _customer(rng: np.random.Generator, rows: int) -> dict[str, Texts]:
    return {
        "Kunde seit": _days(rng, rows, 2010, 15),
        "Newsletter": rng.choice(["ja", "nein"], rows),
        "Kundengruppe": rng.choice(["A", "B", "C"], rows),
        "Bestellungen": rng.integers(0, 40, rows).astype(str),
        "Umsatz": _money(rng, rows),
        "Letzte Bestellung": _days(rng, rows, 2023, 2),
        "Bemerkung": _words(rng, rows, 8),
    }


def _words(rng: np.random.Generator, rows: int, syllables: int) -> Texts:
    word = np.array([""] * rows)
    for _ in range(syllables):
        word = _joined(word, rng.choice(SYLLABLES, rows))
    return word


def _joined(left: Texts | str, right: Texts | str) -> Texts:
    joined: Texts = np.char.add(left, right)
    return joined


def _digits(rng: np.random.Generator, rows: int, count: int) -> Texts:
    return np.char.zfill(rng.integers(1, 10**count, rows).astype(str), count)


def _days(rng: np.random.Generator, rows: int, year: int, years: int) -> Texts:
    days = (np.datetime64(f"{year}-01-01") + rng.integers(0, years * 365, rows)).astype(str)
    parts = [np.array([day[place] for day in days]) for place in (slice(8, 10), slice(5, 7), slice(0, 4))]
    return _joined(_joined(_joined(_joined(parts[0], "."), parts[1]), "."), parts[2])


def _money(rng: np.random.Generator, rows: int) -> Texts:
    return _joined(_joined(rng.integers(0, 3000, rows).astype(str), ","), _digits(rng, rows, 2))


def cpu(path: Path) -> float:
    """Seconds of CPU of a whole process that proposes for a file, its start and imports included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", COMMAND, str(path)], check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
