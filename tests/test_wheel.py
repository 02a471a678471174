"""The look into a wheel sees what is missing."""

from __future__ import annotations

from pathlib import Path

from tests.wheel import PACKAGES, difference, main, tracked


def test_a_wheel_holds_what_the_repository_holds() -> None:
    names = tracked()
    assert {name.split("/")[0] for name in names} == set(PACKAGES)
    assert difference([*names, "millrace-0.1.dist-info/RECORD"], [*names, "Makefile", "tests/wheel.py"]) == []


def test_a_template_a_client_and_a_test_are_seen() -> None:
    names = tracked()
    without = [name for name in names if not name.endswith((".j2", "client.yaml"))]
    found = difference([*without, "tests/wheel.py"], names)
    assert "missing: reports/templates/page.html.j2" in found
    assert "missing: connectors/clients/harbour/client.yaml" in found
    assert found[-1] == "surplus: tests/wheel.py"


def test_no_wheel_is_no_success(tmp_path: Path) -> None:
    assert main([]) == 2
