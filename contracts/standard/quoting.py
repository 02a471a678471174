"""Values as text of a YAML file that YAML 1.1 and 1.2 read alike."""

from __future__ import annotations

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


class _Representer(SafeRepresenter):
    """Texts that any YAML reader takes for something else are quoted."""


def _text(representer: SafeRepresenter, value: str) -> Any:
    plain = re.match(r"[^\W\d_]", value) and value.lower() not in _WORDS and value.isprintable() and value == value.strip()
    return representer.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


_Representer.add_representer(str, _text)


def write(data: Any) -> str:
    """Values as YAML; what a reader of YAML 1.1 takes for a number, a day or a boolean is in quotes.

    Examples
    --------
    >>> print(write({"version": "1.0", "codes": ["DE", "NO"], "least": 0}), end="")
    version: "1.0"
    codes:
      - DE
      - "NO"
    least: 0
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 130
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
