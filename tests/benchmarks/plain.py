"""The plain way: one readable pandas + pandera script on object dtypes that does the work of an intake, to measure Millrace against.

It is written as one would write it for this one client: vectorised pandas where pandas has it, Python for the few cells that are left.
``python tests/benchmarks/plain.py customers FILE.csv FOLDER`` writes ``accepted.parquet``, ``quarantine.parquet``, ``failures.parquet``
and ``set_aside.parquet``.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import pandas as pd
import pandera.pandas as pandera
from pandera import Check, Column

NOTHING = {"", "k.A.", "keine Angabe", "unbekannt", "n/a", "-", "#NV"}
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
FORMATS = ("%Y-%m-%d", "%d.%m.%y", "%d. %m %Y", "%m.%d.%Y", "%m/%d/%Y")
PLAIN_NUMBER = r"-?\d+(?:,\d+)?"
REGIONS = (
    "Baden-Württemberg", "Bayern", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hessen", "Mecklenburg-Vorpommern", "Niedersachsen",
    "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen", "Sachsen-Anhalt", "Schleswig-Holstein", "Thüringen",
)  # fmt: skip
CHANNELS = {"Online-Shop": "online", "App": "app", "Filiale": "store", "Telefon": "phone", "Katalog": "catalogue"}
SEGMENTS = {"A": "loyal", "Stammkunde": "loyal", "B": "occasional", "Gelegenheitskunde": "occasional", "C": "new", "Neukunde": "new",
            "V": "vip", "VIP": "vip"}  # fmt: skip
CATEGORIES = ("Bekleidung", "Schuhe", "Haushalt", "Möbel", "Garten", "Spielwaren", "Sport", "Bücher")


@dataclass(frozen=True)
class Feed:
    """A file of the client: headers, how each column is parsed, and what must hold."""

    columns: dict[str, tuple[str, object]]
    key: list[str]
    schema: pandera.DataFrameSchema
    required: tuple[str, ...]


# ---- records


def records(path: Path, header: list[str]) -> tuple[list[str], list[int], list[tuple[int, str, str]], date]:
    """The texts of the rows, their lines, what is no row (line, reason, text), and the day of the export."""
    lines = path.read_bytes().decode("cp1252").split("\n")
    rows, places, others = [], [], []
    title, n, width = ";".join(header), 0, len(header)
    while lines[n].rstrip("\r") != title:
        text = lines[n].rstrip("\r")
        others.append((n + 1, "preamble" if text else "blank", text))
        n += 1
    written = re.search(r"\d\d\.\d\d\.\d{4}", "\n".join(text for _, _, text in others))
    others.append((n + 1, "header", title))
    n += 1
    while n < len(lines):
        text, taken, width_found = lines[n].rstrip("\r"), 1, 0
        if '"' in text:
            text, taken, width_found = quoted(lines, n, width)
        else:
            width_found = text.count(";") + 1
        if width_found == width and not chaff(text, title):
            rows.append(text)
            places.append(n + 1)
        elif n + 1 < len(lines) or text:
            others.append((n + 1, "unclosed_quote" if not width_found else (chaff(text, title) or "ragged"), text))
        n += taken
    assert written is not None
    return rows, places, others, datetime.strptime(written.group(), "%d.%m.%Y").date()


def quoted(lines: list[str], n: int, width: int) -> tuple[str, int, int]:
    """The record that begins on a line with quotes, its lines and its cells; no cells where a quote stays open."""
    text = lines[n].rstrip("\r")
    for taken in range(1, 10):
        if text.count('"') % 2 == 0:
            return text, taken, len(next(csv.reader(io.StringIO(text, newline=""), delimiter=";")))
        following = lines[n + taken].rstrip("\r") if n + taken < len(lines) else ""
        if following.count(";") >= width - 1 or ';"' in following:
            break  # a row of its own
        text += "\n" + following
    return lines[n].rstrip("\r"), 1, 0


def chaff(text: str, title: str) -> str:
    """Why a record is no row."""
    if not text.strip("; "):
        return "blank"
    if text == title:
        return "repeated_header"
    return "total" if text.startswith("Summe;") else ""


# ---- cells


def tidy(cells: pd.Series) -> pd.Series:
    """Trimmed texts without line breaks and mojibake; words for nothing are None."""
    cells = cells.str.strip()
    cells = cells.mask(cells.isin(NOTHING), None)
    broken = cells.str.contains(r"[\r\n\t]", na=False)
    cells[broken] = cells[broken].str.replace(r"[\r\n\t]+", " ", regex=True)
    scrambled = cells.str.contains(r"[ÂÃ][^\x00-\x7f]", na=False)
    cells[scrambled] = cells[scrambled].map(unscrambled)
    return cells


def unscrambled(text: str) -> str:
    """UTF-8 read as cp1252, put right as often as it happened."""
    try:
        return unscrambled(text.encode("cp1252").decode("utf-8"))
    except UnicodeError:
        return text


def left(cells: pd.Series, values: pd.Series, one: Callable[[str], object]) -> pd.Series:
    """Values, those missing made from their cells one by one."""
    rest = values.isna() & cells.notna()
    if rest.any():
        values = values.copy()
        values[rest] = cells[rest].map({text: one(text) for text in cells[rest].unique()})
    return values


def numbers(cells: pd.Series, _: object) -> pd.Series:
    """German numbers."""
    plain = cells.mask(~cells.str.fullmatch(PLAIN_NUMBER, na=False), None)
    return left(cells, pd.to_numeric(plain.str.replace(",", ".", regex=False)).astype(float), number).astype(float)


def number(text: str) -> float | None:
    """A number with a currency, grouping, letters that look like digits, a minus behind, or a decimal point."""
    text = re.sub(r"€|EUR", "", text).strip().translate(str.maketrans("OoIl", "0011"))
    text = f"-{text[:-1]}" if text.endswith("-") else text
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        text = text.replace(".", "")
    if re.fullmatch(r"-?\d+\.\d{2}", text):
        return float(text)
    return float(text.replace(",", ".")) if re.fullmatch(PLAIN_NUMBER, text) else None


def whole(cells: pd.Series, _: object) -> pd.Series:
    """Whole numbers; as floats, for the sake of the missing ones."""
    values = numbers(cells, None)
    return values.where(values % 1 == 0)


def days(cells: pd.Series, latest: object) -> pd.Series:
    """Days, mostly dd.mm.yyyy; two-digit years are the latest that are past."""
    assert isinstance(latest, date)
    values = pd.to_datetime(cells, format="%d.%m.%Y", errors="coerce")
    return pd.to_datetime(left(cells, values, lambda text: day(text, latest, cells.name == "birth_date")))


def day(text: str, latest: date, birth: bool) -> datetime | None:
    """One day in another form."""
    for number, month in enumerate(MONTHS, 1):
        text = text.replace(month, str(number))
    for form in FORMATS:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        limit = latest.year - 10 if birth else latest.year
        return found.replace(year=found.year - 100) if form == "%d.%m.%y" and found.year > limit else found
    return None


def words(cells: pd.Series, meanings: object) -> pd.Series:
    """Words of a closed list, misspelt ones too."""
    assert isinstance(meanings, dict)
    folded = {word.casefold(): meaning for word, meaning in meanings.items()}

    def nearest(text: str) -> object:
        close = get_close_matches(text.casefold(), folded, n=1, cutoff=0.8) if len(text) > 3 else [text.casefold()]
        return folded.get(close[0]) if close else None

    return left(cells, cells.map(meanings), nearest)


def codes(cells: pd.Series, _: object) -> pd.Series:
    """Codes without the apostrophe that keeps a spreadsheet from reading them; a number that it rounded is none."""
    cells = cells.str.removeprefix("'")
    return cells.mask(cells.str.fullmatch(r"\d[.,]\d+E\+\d+", na=False), None)


def postcodes(cells: pd.Series, _: object) -> pd.Series:
    """Five digits, a lost zero put back."""
    short = cells.str.fullmatch(r"\d{4}", na=False)
    return cells.mask(short, "0" + cells)


def emails(cells: pd.Series, _: object) -> pd.Series:
    """Addresses with a small domain."""
    large = cells.str.contains("@.*[A-Z]", na=False)
    cells[large] = cells[large].str.replace("@.*", lambda found: found.group().lower(), regex=True)
    return cells


def texts(cells: pd.Series, _: object) -> pd.Series:
    """Texts as they are."""
    return cells


Parser = Callable[[pd.Series, object], pd.Series]
PARSERS: dict[str, Parser] = {
    "text": texts, "code": codes, "postcode": postcodes, "email": emails, "number": numbers, "whole": whole, "day": days, "words": words,
}  # fmt: skip

# ---- what must hold

TEXT, KEY, DAY = Check.str_length(1, 100), Check.str_length(1, 64), "datetime64[ns]"
optional = partial(Column, nullable=True)
CUSTOMERS = Feed(
    {
        "Kundennummer": ("customer_id", "code"), "Anrede": ("gender", {"Frau": "female", "Herr": "male", "Divers": "other"}),
        "Vorname": ("first_name", "text"), "Nachname": ("last_name", "text"), "E-Mail": ("email", "email"), "Telefon": ("phone", "text"),
        "Straße": ("street", "text"), "PLZ": ("postcode", "postcode"), "Ort": ("city", "text"),
        "Bundesland": ("region", {word: word for word in REGIONS}), "Land": ("country", dict.fromkeys(("Deutschland", "DE", "D"), "DE")),
        "Geburtsdatum": ("birth_date", "day"), "Kundengruppe": ("segment", SEGMENTS), "Jahreseinkommen": ("income", "number"),
        "Kunde seit": ("signup_date", "day"), "Newsletter": ("marketing_consent", {"J": True, "N": False}),
        "Bevorzugter Kanal": ("preferred_channel", CHANNELS), "Bestellungen": ("order_count", "whole"),
        "Umsatz gesamt": ("total_spend", "number"), "Letzte Bestellung": ("last_order_date", "day"),
    },
    ["customer_id"],
    pandera.DataFrameSchema({
        "customer_id": Column(object, KEY), "gender": optional(object, Check.isin(["female", "male", "other"])),
        "first_name": optional(object, TEXT), "last_name": optional(object, TEXT),
        "email": optional(object, Check.str_matches(r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$")),
        "phone": optional(object, Check.str_matches(r"^\+?[0-9 ()/.\-]{5,30}$")), "street": optional(object, Check.str_length(1, 200)),
        "postcode": optional(object, Check.str_matches(r"^[0-9A-Za-z][0-9A-Za-z \-]{1,9}$")), "city": optional(object, TEXT),
        "region": optional(object, TEXT), "country": optional(object, Check.str_matches("^[A-Z]{2}$")), "birth_date": optional(DAY),
        "segment": optional(object, TEXT), "income": optional(float, Check.ge(0)), "signup_date": optional(DAY),
        "marketing_consent": optional(object), "preferred_channel": optional(object, Check.str_length(1, 60)),
        "order_count": optional(float, Check.ge(0)), "total_spend": optional(float), "last_order_date": optional(DAY),
    }),
    ("customer_id",),
)  # fmt: skip
TRANSACTIONS = Feed(
    {
        "Bestellnummer": ("order_id", "code"), "Position": ("line_id", "code"), "Kundennummer": ("customer_id", "code"),
        "Bestelldatum": ("ordered_at", "day"), "Artikelnummer": ("product_id", "code"), "Artikel": ("product_name", "text"),
        "Warengruppe": ("category", {word: word for word in CATEGORIES}), "Menge": ("quantity", "number"),
        "Einzelpreis": ("unit_price", "number"), "Betrag": ("amount", "number"), "Währung": ("currency", "text"),
        "Kanal": ("channel", CHANNELS),
    },
    ["order_id", "line_id"],
    pandera.DataFrameSchema({
        "order_id": Column(object, KEY), "line_id": Column(object, KEY), "customer_id": Column(object, KEY), "ordered_at": Column(DAY),
        "product_id": optional(object, KEY), "product_name": optional(object, Check.str_length(1, 300)), "category": optional(object, TEXT),
        "quantity": optional(float), "unit_price": optional(float, Check.ge(0)), "amount": optional(float),
        "currency": optional(object, Check.str_matches("^[A-Z]{3}$")), "channel": optional(object, Check.str_length(1, 60)),
    }),
    ("order_id", "line_id", "customer_id", "ordered_at"),
)  # fmt: skip
FEEDS = {"customers": CUSTOMERS, "transactions": TRANSACTIONS}

# ---- the whole way


def parse(table: pd.DataFrame, feed: Feed, written: date) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The table with values, and the cells that hold none (position, field, rule)."""
    parsed, failures = {}, []
    for field, how in feed.columns.values():
        cells = tidy(table[field])
        kind, more = ("words", how) if isinstance(how, dict) else (str(how), written)
        values = PARSERS[kind](cells, more)
        failures.append(failed(cells.notna() & values.isna(), field, kind))
        if kind == "day":
            wrong = implausible(values, field, written)
            failures.append(failed(wrong, field, "day"))
            values = values.mask(wrong)
        parsed[field] = values
    if "signup_date" in parsed:
        early = parsed["last_order_date"] < parsed["signup_date"]
        failures.append(failed(early, "last_order_date", "before_signup"))
        parsed["last_order_date"] = parsed["last_order_date"].mask(early)
    if "amount" in parsed:
        parsed["amount"], wrong = amounts(parsed["quantity"], parsed["unit_price"], parsed["amount"])
        failures.append(failed(wrong, "amount", "product"))
    return pd.DataFrame(parsed), failures


def implausible(days: pd.Series, field: str, written: date) -> pd.Series:
    """Days of the future, stand-ins, and births of the dead."""
    wrong = (days > pd.Timestamp(written)) | (days == pd.Timestamp("1900-01-01"))
    return wrong | (days < pd.Timestamp(written.year - 120, written.month, 1)) if field == "birth_date" else wrong


def amounts(quantity: pd.Series, price: pd.Series, amount: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Amounts with a lost comma put right, and without those that contradict; and which ones contradict."""
    product = quantity * price
    shifted = ((product * 100 - amount).abs() < 0.51) & (product.abs() > 0.005) & (amount % 1 == 0) & (price >= 0)
    amount = amount.mask(shifted, amount / 100)
    wrong = ((product - amount).abs() > 0.0051) & (price >= 0)
    return amount.mask(wrong), wrong


def failed(wrong: pd.Series, field: str, rule: str) -> pd.DataFrame:
    """Failures of one rule."""
    return pd.DataFrame({"row": wrong.index[wrong], "field": field, "rule": rule})


def validate(table: pd.DataFrame, feed: Feed) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table without the cells that break a check, and these cells."""
    try:
        feed.schema.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        found = pd.DataFrame({"row": cases["index"].astype(int), "field": cases["column"], "rule": cases["check"]})
        for field, rows in found.groupby("field")["row"]:
            table.loc[rows, field] = None
        return table, found
    return table, failed(pd.Series(False, table.index), "", "")


def take_in(feed: Feed, path: Path, out: Path) -> dict[str, int]:
    """The whole intake of one file; gives the ledger."""
    rows, lines, others, written = records(path, list(feed.columns))
    names = [field for field, _ in feed.columns.values()]
    table = pd.read_csv(io.StringIO("\n".join(rows)), sep=";", header=None, names=names, dtype=str, keep_default_na=False)
    assert len(table) == len(rows)
    table, failures = parse(table, feed, written)
    table, more = validate(table, feed)
    failures.append(more)
    missing = table[list(feed.required)].isna().any(axis=1)
    repeat = table[~missing].duplicated().reindex(table.index, fill_value=False)
    clash = table[~missing & ~repeat].duplicated(feed.key, keep=False).reindex(table.index, fill_value=False)
    out.mkdir(parents=True, exist_ok=True)
    write(table, pd.Series(lines), pd.Series(rows), missing, repeat, clash, others, feed, out)
    every = pd.concat(failures)
    every.assign(line=pd.Series(lines)[every["row"]].to_numpy()).to_parquet(out / "failures.parquet", compression="zstd")
    return {"accepted": int((~missing & ~repeat & ~clash).sum()), "quarantined": int((missing | clash).sum())}


def write(
    table: pd.DataFrame, lines: pd.Series, raw: pd.Series, missing: pd.Series, repeat: pd.Series, clash: pd.Series,
    others: list[tuple[int, str, str]], feed: Feed, out: Path,
) -> None:
    """Good rows, bad rows with their reasons, and what is no row."""
    good = ~missing & ~repeat & ~clash
    table[good].assign(line=lines[good]).to_parquet(out / "accepted.parquet", compression="zstd", compression_level=1)
    reasons = pd.Series("", table.index)
    for field in feed.required:
        reasons[table[field].isna()] += f"{field}:missing "
    reasons[clash] += "+".join(feed.key) + ":unique"
    bad = pd.DataFrame({"line": lines, "reason": reasons.str.strip(), "raw": raw})[missing | clash]
    aside = pd.DataFrame(others, columns=["line", "reason", "raw"])
    faulty = aside["reason"].isin(("ragged", "unclosed_quote"))
    pd.concat([bad, aside[faulty]]).sort_values("line").to_parquet(out / "quarantine.parquet", compression="zstd")
    again = pd.DataFrame({"line": lines[repeat], "reason": "duplicate", "raw": raw[repeat]})
    pd.concat([aside[~faulty], again]).sort_values("line").to_parquet(out / "set_aside.parquet", compression="zstd")


if __name__ == "__main__":
    take_in(FEEDS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]))
