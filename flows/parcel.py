"""Parcel: a client's pack copied out of its run, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from contracts.errors import Place, RunError
from flows.disk import room
from flows.integrity import sound
from flows.stored import Stored


def copy_pack(run: Stored, folder: Path) -> Path:
    """Copy ``pack/client`` of a run into a new or empty folder, or over an earlier pack of ours.

    Raises
    ------
    RunError
        RUN-DAMAGED; PACK-FOLDER where the folder holds other files; DISK-FULL.
    """
    source = sound(run).folder / "pack" / "client"
    if folder.exists() and any(folder.iterdir()) and not (folder / "manifest.json").is_file():
        raise RunError("PACK-FOLDER", "the folder holds other files", place=Place(file=folder.name), hint="name a new or empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with room(), tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as fresh:
        shutil.copytree(source, Path(fresh) / "pack", copy_function=shutil.copyfile)
        if folder.exists():
            folder.rename(Path(fresh) / "old")
        (Path(fresh) / "pack").rename(folder)
    return folder
