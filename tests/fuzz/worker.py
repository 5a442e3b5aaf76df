"""One worker of the fuzz: cases until the time is up, each written down before it is tried, so that one which kills the process is
still known. Its memory is limited: a bomb is a failure, not a dead machine."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.cases import run_case
from tests.fuzz.documents import seeds
from tests.fuzz.generated import any_document
from tests.fuzz.mutations import mutate

MEMORY = 2_000_000_000  # bytes beside what the process has when it starts
KINDS = (None, None, "spend", "count", "service_expenditure", "grants")
CASE_SECONDS = 30


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def main(folder: Path, seed: int, seconds: float) -> None:
    """Runs cases, leaves `stats-<seed>.json` and, for each failure, its bytes and its traceback in `folder`."""
    chance = random.Random(seed)
    pool = seeds()
    names, contents = list(pool), list(pool.values())
    _limit_memory()
    current, stats, failures = folder / f"current-{seed}", Counter[str](), Counter[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if chance.random() < 0.25:
            name, content = any_document(chance)
        else:
            name = chance.choice(names)
            content = mutate(pool[name], contents, chance)
        kind, is_deep = chance.choice(KINDS), chance.random() < 0.15
        current.write_bytes(content)
        started = time.monotonic()
        try:
            outcome = run_case(content, name, kind, is_deep)
            if time.monotonic() - started > CASE_SECONDS:
                raise TimeoutError(f"a case took {time.monotonic() - started:.0f} s")
        except Exception as error:  # noqa: BLE001  whatever it is, it is what the fuzz looks for
            outcome = "FAILED"
            where = traceback.extract_tb(error.__traceback__)[-1]
            cause = f"{type(error).__name__}-{Path(where.filename).stem}-{where.lineno}"
            failures[cause] += 1
            if failures[cause] <= 3:
                case = folder / f"failure-{cause}-{seed}-{failures[cause]}"
                case.with_suffix(".bytes").write_bytes(content)
                case.with_suffix(".txt").write_text(f"{name} as {kind}, deep {is_deep}\n{traceback.format_exc()}")
        if outcome == "disagrees" and stats["disagrees"] < 20:
            (folder / f"disagrees-{seed}-{stats['disagrees']}-{Path(name).name}").write_bytes(content)
        stats[outcome] += 1
        stats["deep"] += is_deep
        if sum(stats.values()) % 50 < 2:
            (folder / f"stats-{seed}.json").write_text(json.dumps(stats))
    (folder / f"stats-{seed}.json").write_text(json.dumps(stats))
    current.unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
