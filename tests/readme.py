"""Run the commands of a README as a reader would: ``python tests/readme.py README.md [--done COMMAND]``

Blocks fenced as ``sh`` are run, in order, in one shell, in the README's folder; a block of any other kind (``console``, ``text``, ``yaml``)
is only shown. The first block must hold the two commands that a newcomer needs. A command named by `--done` was run before and is left out.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST = ("make demo", "make test")
FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})(?P<kind>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """Commands that stand together; `line` is the number of the first one in the file."""

    line: int
    text: str

    @property
    def commands(self) -> list[str]:
        """Its lines without comments and blank ones."""
        bare = [line.partition(" #")[0].strip() for line in self.text.splitlines()]
        return [line for line in bare if line and not line.startswith("#")]


def blocks(text: str) -> list[Block]:
    """The blocks that are run.

    Examples
    --------
    >>> blocks("Try:\\n\\n```sh\\nmake demo  # a minute\\nmake test\\n```\\n\\n```console\\n$ ls\\n```\\n")
    [Block(line=4, text='make demo  # a minute\\nmake test\\n')]
    """
    found = [match for match in FENCE.finditer(text) if match["kind"].strip() == "sh"]
    return [Block(text.count("\n", 0, match.start("body")) + 1, match["body"]) for match in found]


TRAP = """trap 'echo "README.md, line $((base + LINENO - first)): this command failed" >&2' ERR"""


def script(found: Sequence[Block], done: Sequence[str]) -> str:
    """One shell script that stops at the first command that fails and says on which line of the README it stands."""
    lines = ["set -euo pipefail", "base=0 first=0", TRAP]
    for block in found:
        lines += [f"echo '-- README.md, line {block.line}'", f"base={block.line} first=$((LINENO + 1))"]
        lines += [": run before" if line.partition(" #")[0].strip() in done else line for line in block.text.splitlines()]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """0 where every command ends with 0."""
    parser = argparse.ArgumentParser(description="Run the commands of a README.")
    parser.add_argument("readme", type=Path)
    parser.add_argument("--done", action="append", default=[], help="a command that was run before")
    given = parser.parse_args(arguments)
    found = blocks(given.readme.read_text(encoding="utf-8"))
    if not found or tuple(found[0].commands[:2]) != FIRST:
        sys.stderr.write(f"{given.readme.name}: its first block of kind `sh` must begin with {' and '.join(FIRST)}\n")
        return 1
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    ended = subprocess.run(
        ["bash", "-c", script(found, given.done)], cwd=given.readme.resolve().parent, env=environment, stdin=subprocess.DEVNULL, check=False
    )
    return ended.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
