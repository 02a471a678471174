"""The YAML of a client and of its feeds as frozen values: ``client.yaml`` and ``<feed>.yaml``, a module for each thing that they hold.

Imports `contracts` and, of `connectors`, the codes of countries. A new thing of the YAML is a module here, used by `feed` or `client`.
"""

__all__ = ["client", "column", "extension", "feed", "reading", "values"]
