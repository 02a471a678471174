"""Heavy libraries, imported without a look for garbage, and without what is in them and never used.

Hundreds of thousands of objects are made at an import, and nearly all of them stay: the collector would look for garbage in vain.
Much of what scikit-learn, scipy, numpy and pandera import at their start serves other uses than ours; it is imported when it is used.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flows.postponed import Finder

POSTPONED = {
    "numpy.f2py": (),  # compiles Fortran; scipy asks for every name of numpy
    "scipy.integrate": ("trapezoid",),  # areas under curves, for scikit-learn's measures
    "scipy.interpolate": ("BSpline",),  # isotonic calibration and splines, neither of which is ours
    "scipy.optimize": ("linear_sum_assignment", "linprog", "minimize", "minimize_scalar"),  # training
    "scipy.spatial": (),  # distances, for scikit-learn's neighbours
    "scipy.stats": ("chi2", "gmean", "rankdata", "spearmanr"),  # a third of all that scikit-learn's start costs; training
}
"""Modules of libraries, each with the names that other modules take from it at their start.

Only what costs more than 20 ms of a delivery is worth an entry; a test holds that each is still asked for, and left alone by a delivery.
"""
DENIED = ("hypothesis",)
"""What a library takes where it is installed, and needs for no work of ours: pandera would invent data with it. Only our tests need it."""


@contextmanager
def loading() -> Iterator[None]:
    """Import within this: the collector rests, and what was made is never looked through again; afterwards all works as before.

    Examples
    --------
    >>> with loading():
    ...     import decimal
    >>> gc.isenabled()
    True
    """
    worked, finder = gc.isenabled(), Finder(POSTPONED, DENIED)
    gc.disable()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        gc.freeze()
        if worked:
            gc.enable()
