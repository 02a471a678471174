"""The README names what there is."""

from __future__ import annotations

from pathlib import Path

from connectors.library import clients
from contracts import contract
from flows import products
from flows.cli import app
from flows.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_product_client_and_contract_is_named() -> None:
    missing = [name for name in (*products.SHIPPED, *clients(), *contract.names()) if f"`{name}`" not in README]
    assert not missing


def test_every_command_is_named() -> None:
    named = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    named += [str(group.name) for group in app.registered_groups]
    assert [name for name in named if f"millrace {name}" not in README] == []


def test_every_setting_is_named() -> None:
    assert [name for name in Settings.model_fields if f"`{name}`" not in README and f"MILLRACE_{name.upper()}" not in README] == []
