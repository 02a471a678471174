"""Heavy libraries, imported without a look for garbage: hundreds of thousands of objects are made, and nearly all of them stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import within this: the collector rests, and what was made is never looked through again; afterwards it works as before.

    Examples
    --------
    >>> with loading():
    ...     import decimal
    >>> gc.isenabled()
    True
    """
    worked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if worked:
            gc.enable()
