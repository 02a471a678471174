"""datacontract-cli, which knows nothing of us, reads what we write: every contract passes its lint, and a spoiled one does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from contracts import contract as known
from contracts import odcs

LINT = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from datacontract.data_contract import DataContract
print(json.dumps({path: str(DataContract(data_contract_file=path).lint().result.value) for path in sys.argv[1:]}))
"""


def linted(paths: list[Path]) -> dict[str, str]:
    """The verdict on each file by its name; a process of its own, as the tool brings its own warnings."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", LINT, *map(str, paths)], capture_output=True, text=True, check=True)
    return {Path(path).name: verdict for path, verdict in json.loads(done.stdout.splitlines()[-1]).items()}


def test_another_tool_takes_what_we_write(tmp_path: Path) -> None:
    for name in known.SHIPPED:
        (tmp_path / f"{name}.yaml").write_text(odcs.export(known.get(name)), encoding="utf-8")
    spoiled = odcs.export(known.get("scores")).replace("logicalType: number", "logicalType: numbr")
    (tmp_path / "spoiled.yaml").write_text(spoiled, encoding="utf-8")
    verdicts = linted(sorted(tmp_path.glob("*.yaml")))
    assert verdicts == {**{f"{name}.yaml": "passed" for name in known.SHIPPED}, "spoiled.yaml": "failed"}
