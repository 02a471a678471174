"""Settings: one frozen object, from the environment and `millrace.toml`."""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from contracts.errors import Place, SettingsError

PREFIX = "MILLRACE_"
FILE = Path("millrace.toml")


class Settings(BaseSettings):
    """What may be set; `MILLRACE_HOME=...` in the environment goes before ``home = "..."`` in `millrace.toml`.

    Parameters
    ----------
    home : Path
        Where everything is kept; a local disk.
    clients : Path or None
        Another folder of clients (YAML only).
    shared : Path or None
        A folder with real files, for tests.
    inbox : Path
        Folder with one folder a client, where files to be delivered are looked for.
    pack_url : str or None
        Where packs can be opened in a browser; links in Prefect point there.
    workers : int
        Processes that work side by side; 1 works in this one.
    partition_rows : int
        Rows per partition; decides the bytes of stored tables.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, toml_file=FILE)

    home: Path = Path("millrace-home")
    clients: Path | None = None
    shared: Path | None = None
    pack_url: str | None = Field(default=None, pattern=r"^https?://\S+$", repr=False)
    inbox: Path = Path("inbox")
    workers: int = Field(default=1, ge=1, le=64)
    partition_rows: int = Field(default=250_000, ge=1_000, le=10_000_000, json_schema_extra={"echo": True})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def echo(self) -> dict[str, Any]:
        """The settings that decide bytes, for keys and manifests: no path, no secret, no address.

        Examples
        --------
        >>> Settings(partition_rows=1000).echo()
        {'partition_rows': 1000}
        """
        marked = [name for name, info in type(self).model_fields.items() if (info.json_schema_extra or {}) == {"echo": True}]
        return self.model_dump(mode="json", include=set(marked))


def load(**given: Any) -> Settings:
    """The settings of this process.

    Raises
    ------
    SettingsError
        SETTINGS-UNKNOWN with the closest name, SETTINGS-VALUE, SETTINGS-SYNTAX.

    Examples
    --------
    >>> load(partition_rows=5000).partition_rows
    5000
    """
    _check_file()
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable.removeprefix(PREFIX).lower() not in Settings.model_fields:
            raise _unknown(variable, [PREFIX + name.upper() for name in Settings.model_fields], "the environment")
    try:
        return _with_clients(Settings(**given))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0])
    raise SettingsError(
        "SETTINGS-VALUE",
        f"the setting {name} has a value that does not fit",
        expected=str(first["msg"]),
        hint=f"see {PREFIX}{name.upper()}",
    )


def _with_clients(found: Settings) -> Settings:
    """Refuse a folder of clients that is not there: the shipped clients would stand in for it without a word."""
    if found.clients is not None and not found.clients.is_dir():
        expected = "a folder with one folder a client"
        raise SettingsError("SETTINGS-VALUE", "the setting clients names no folder", expected=expected, hint=f"see {PREFIX}CLIENTS")
    return found


def _check_file() -> None:
    if not FILE.exists():
        return
    try:
        keys = list(tomllib.loads(FILE.read_text(encoding="utf-8")))
    except (ValueError, OSError) as error:
        line = str(error).rpartition("(")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        raise SettingsError("SETTINGS-SYNTAX", "this file cannot be read as TOML", place=Place(file=FILE.name), found=line) from None
    for key in keys:
        if key not in Settings.model_fields:
            raise _unknown(key, list(Settings.model_fields), FILE.name)


def _unknown(key: str, known: list[str], file: str) -> SettingsError:
    near = difflib.get_close_matches(key, known, n=1)
    return SettingsError(
        "SETTINGS-UNKNOWN", "there is no such setting", place=Place(file=file), found=key, expected=", ".join(sorted(known)),
        hint=f"did you mean {near[0]}?" if near else None,
    )  # fmt: skip
