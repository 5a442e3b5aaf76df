"""`make methodology`: run the scenarios through the pipeline and write docs/methodology.md from the release."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
from methodology import page
from scenarios import write_all

from ingest.home import Home
from orchestration.pipeline import run_pipeline
from orchestration.transform import refresh_manifest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methodology.md"


def main() -> None:
    """With the path of a home in which the scenarios were run, that release is used."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(sys.argv[1] if len(sys.argv) > 1 else f"{name}/home"))
        if len(sys.argv) == 1:
            refresh_manifest()
            write_all(Path(name) / "returns")
            run_pipeline(home, Path(name) / "returns", print)
        with duckdb.connect(str(home.current_release / "totalplace.duckdb"), read_only=True) as release:
            PAGE.write_text(page(release), encoding="utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
