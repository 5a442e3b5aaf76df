"""Writes the place statement that stands in docs/place-statement.md from a home in which the Lancashire returns were run:

totalplace run --home HOME --returns FOLDER_OF_LANCASHIRE_RETURNS
python tests/integration/place_statement_page.py HOME
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from click.testing import CliRunner

from orchestration.cli.main import cli

PAGE = Path(__file__).resolve().parents[2] / "docs" / "place-statement.md"
CODE, YEAR = "E07000120", "2024-25"
_BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)


def shown(page: str) -> str:
    """The statement that the page shows."""
    found = _BLOCK.search(page)
    assert found is not None, "the page shows no statement"
    return found[0]


def stated(home: Path) -> str:
    """The statement of the home's current release. Its release id is left out: it changes with every run."""
    result = CliRunner().invoke(cli, ["place", CODE, "--year", YEAR, "--home", str(home)])
    assert result.exit_code == 0, result.stderr
    lines = (line.rstrip() for line in result.stdout.splitlines())
    return re.sub(r"; release \S+", "", "\n".join(lines).strip()) + "\n"


if __name__ == "__main__":
    statement = stated(Path(sys.argv[1]))
    PAGE.write_text(_BLOCK.sub(lambda _: statement, PAGE.read_text(encoding="utf-8"), count=1), encoding="utf-8")
