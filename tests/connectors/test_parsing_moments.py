"""Moments: local times of the client's clock become UTC, also where the clock jumps."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.parsing.date_style import DateStyle
from connectors.parsing.dates import serial
from connectors.parsing.moments import MOMENT, day_of, parse, placed

ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Australia/Sydney", "Asia/Kolkata", "Europe/London")
NONE: frozenset[str] = frozenset()


def one(text: str | None, zone: str = "Europe/Berlin") -> tuple[str | None, bool]:
    """ISO text of the value, and bad."""
    found = parse(pa.array([text], pa.string()), DateStyle("dmy"), zone, NONE)
    value = found.values[0].as_py()
    return (value.strftime("%Y-%m-%d %H:%M:%S") if value else None), bool(found.bad[0])


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("01.07.2020 12:00", "2020-07-01 10:00:00"),
        ("01.01.2020 12:00:30", "2020-01-01 11:00:30"),
        ("01.01.2020", "2019-12-31 23:00:00"),
        ("2020-01-01T00:00:00+01:00", "2019-12-31 23:00:00"),
        ("2020-01-01T00:00:00Z", "2020-01-01 00:00:00"),
        ("2020-01-01 00:00:00 -0530", "2020-01-01 05:30:00"),
        ("25.10.2020 01:59", "2020-10-24 23:59:00"),
        ("25.10.2020 12:00", "2020-10-25 11:00:00"),
        ("29.03.2020 12:00", "2020-03-29 10:00:00"),
        ("25.10.2020 02:30", "2020-10-25 00:30:00"),  # comes twice: the first is meant
        ("29.03.2020 02:30", "2020-03-29 01:30:00"),  # is left out: counted on from before
    ],
)
def test_good(text: str, utc: str) -> None:
    assert one(text) == (utc, False)


@pytest.mark.parametrize("text", [None, "", " "])
def test_null(text: str | None) -> None:
    assert one(text) == (None, False)


@pytest.mark.parametrize("text", ["32.01.2020 10:00", "01.01.2020 24:00", "10:00", "gestern", "01.01.2020 10:00 CEST", "2020-01-01+01:00"])
def test_bad(text: str) -> None:
    assert one(text) == (None, True)


def test_serial_numbers_are_times_of_the_client_s_clock() -> None:
    found = placed(serial(pa.array(["41245.5", None])), "Australia/Sydney")
    assert found.values.to_pylist() == [datetime(2012, 12, 2, 1, tzinfo=UTC), None]


@given(st.lists(st.datetimes(datetime(1950, 1, 1), datetime(2037, 1, 1)), min_size=1, max_size=20), st.sampled_from(ZONES))
def test_round_trip(times: list[datetime], zone: str) -> None:
    """What the clock showed is what it shows again, but for the hours that it left out."""
    times = [time.replace(microsecond=0) for time in times]
    found = parse(pa.array([f"{time:%d.%m.%Y %H:%M:%S}" for time in times]), DateStyle("dmy"), zone, NONE).values
    utc = [time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for time in times]
    assert found.to_pylist() == utc
    assert day_of(found, zone).tolist() == [(moment.astimezone(ZoneInfo(zone)).date() - datetime(1970, 1, 1).date()).days for moment in utc]


def test_the_day_of_null_is_zero() -> None:
    assert day_of(pa.array([None], MOMENT), "UTC").tolist() == np.zeros(1).tolist()
