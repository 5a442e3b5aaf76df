"""Writes the example place: `python -m examples.build_example [DIRECTORY]`, by default this folder.

Everything is synthetic and deterministic: the same bytes on every machine. What it writes is committed; a test builds
it again and compares. Beside `returns/` it writes `expected.csv`, the statement of what each file holds: the
generator's own knowledge, made without any reader of the project.

Belongs here: writing. What the files say is in `generator/`.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from examples.generator.council_ledger import council_ledgers
from examples.generator.counts import count_files
from examples.generator.held import held_files
from examples.generator.other_kinds import other_kind_files
from examples.generator.police_ledger import police_ledger
from examples.generator.records import ExampleFile
from examples.generator.registry import registry_files

STATEMENT_COLUMNS = ("file", "row_count", "accepted", "quarantined", "excluded", "accepted_gbp", "status")


def return_files() -> list[ExampleFile]:
    """Every return of the example, in order of path."""
    return sorted(
        [*count_files(), *council_ledgers(), police_ledger(), *held_files(), *other_kind_files()], key=lambda file: file.path
    )


def statement(files: list[ExampleFile]) -> str:
    """`expected.csv`: every record of every return, by the fate it should meet; `file` is the path in the folder."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(STATEMENT_COLUMNS)
    for file in files:
        fates = [file.count("accepted"), file.count("quarantined"), file.count("excluded")]
        writer.writerow([file.path, sum(fates), *fates, f"{file.accepted_gbp():.2f}", file.status])
    return buffer.getvalue()


def build(directory: Path) -> list[Path]:
    """Write `returns/` and `expected.csv` under `directory`, and return the paths written, in order.

    Files that an earlier version of the generator left under `returns/` are removed, so that the folder holds what the
    generator says and no more.
    """
    files = return_files()
    returns = directory / "returns"
    written: list[Path] = []
    for file in [*registry_files(), *files]:
        path = returns / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        written.append(path)
    for stale in sorted(set(returns.rglob("*")) - set(written)):
        if stale.is_file():
            stale.unlink()
    expected = directory / "expected.csv"
    expected.write_bytes(statement(files).encode())
    return sorted([*written, expected])


def main() -> None:
    """Command line: build, and say what was written."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    paths = build(directory)
    print(f"{len(paths)} files, {sum(path.stat().st_size for path in paths):,} bytes in {directory}")


if __name__ == "__main__":
    main()
