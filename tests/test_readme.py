"""Commands of a README are found and run as they stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readme import Block, blocks, main

TEXT = """# Name

```sh
make demo    # a minute
make test
```

~~~~sh
here=$(pwd)
# where we are
echo "$here" > there
~~~~

```console
$ false
```

  ```text
  false
  ```
"""


def readme(folder: Path, text: str) -> Path:
    (folder / "Makefile").write_text("demo:\n\techo demo >> ran\ntest:\n\techo test >> ran\n", encoding="utf-8")
    path = folder / "README.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_only_blocks_of_shell_commands_are_found() -> None:
    found = blocks(TEXT)
    assert [(block.line, block.commands) for block in found] == [
        (4, ["make demo", "make test"]),
        (9, ["here=$(pwd)", 'echo "$here" > there']),
    ]
    assert Block(1, "# a\n\n").commands == []


def test_commands_run_in_order_in_one_shell(tmp_path: Path) -> None:
    assert main([str(readme(tmp_path, TEXT))]) == 0
    assert (tmp_path / "ran").read_text(encoding="utf-8").split() == ["demo", "test"]
    assert (tmp_path / "there").read_text(encoding="utf-8").strip() == str(tmp_path)


def test_what_was_run_before_is_left_out(tmp_path: Path) -> None:
    assert main([str(readme(tmp_path, TEXT)), "--done", "make test"]) == 0
    assert (tmp_path / "ran").read_text(encoding="utf-8").split() == ["demo"]


def test_a_command_that_fails_ends_it_and_is_named_by_its_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = readme(tmp_path, TEXT.replace("here=$(pwd)", "true\nfalse\nhere=there"))
    assert main([str(path)]) == 1
    assert "README.md, line 10: this command failed" in capfd.readouterr().err
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("text", ["", "# Name\n", TEXT.replace("make demo ", "make all "), TEXT.replace("```sh", "```bash")])
def test_a_readme_begins_with_the_two_commands(text: str, tmp_path: Path) -> None:
    assert main([str(readme(tmp_path, text))]) == 1
    assert not (tmp_path / "ran").exists()
