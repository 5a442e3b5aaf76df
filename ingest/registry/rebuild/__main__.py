"""The command: `python -m ingest.registry.rebuild REFERENCE_FOLDER RETURNS_FOLDER`. It prints the rows of each seed it wrote."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.registry.rebuild.every_seed import rebuild

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m ingest.registry.rebuild REFERENCE_FOLDER RETURNS_FOLDER")
    for seed, count in rebuild(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(f"seed_{seed}.csv: {count} rows")
