"""The command: `python -m ingest.registry.rebuild REFERENCE_FOLDER RETURNS_FOLDER`. It prints the rows of each file it wrote."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.registry import HERE
from ingest.registry.rebuild.every_seed import rebuild
from ingest.registry.rebuild.shipped_endpoints import write_endpoints

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m ingest.registry.rebuild REFERENCE_FOLDER RETURNS_FOLDER")
    for seed, count in rebuild(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(f"seed_{seed}.csv: {count} rows")
    print(f"endpoints.csv: {write_endpoints(Path(sys.argv[2]), HERE / 'endpoints.csv')} rows")
