"""`python -m tests.crash`: kill points by the thousand; see --help. Exit status 1 where anything was lost or not healed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from itertools import chain

from tests.crash.stages import STAGES
from tests.crash.suite import try_stage


def _count(stage: str, count: int | None) -> int | None:
    """A point of the working database costs seconds: a tenth of them will do."""
    return max(1, count // 10) if count and stage == "build" else count


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("stages", nargs="*", choices=[*STAGES, []], help="only these")
    parser.add_argument(
        "--count",
        type=int,
        help="points of each stage, a tenth for `build` (default: every one, then at random until the time is up)",
    )
    parser.add_argument("--minutes", type=float, default=0.0, help="then go on at random, the healing stopped too, for so long")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--near", default="", help="only at operations whose name holds this, and a few before and after")
    parser.add_argument("--json", action="store_true", help="print what was tried as JSON")
    parser.add_argument("--document", action="store_true", help="write the table of docs/faults.md anew")
    given = parser.parse_args()
    names = given.stages or list(STAGES)
    tallies = []
    for name in names:
        until = time.monotonic() + given.minutes * 60 / len(names) if given.minutes else 0.0
        more = given.minutes > 0
        tally = try_stage(
            name,
            lambda t, more=more: chain(
                t.points(_count(t.name, given.count), given.seed, given.near), t.doubles(given.seed) if more else ()
            ),
            until=until,
        )
        tallies.append(tally)
        if not given.json:
            print(f"{name:10} {tally.killed:6,} stopped, {len(tally.faults)} not healed  (seed {given.seed})", flush=True)
            print("".join(f"    {fault[:1500]}\n" for fault in tally.faults[:5]), end="", flush=True)
    if given.json:
        print(json.dumps([asdict(tally) for tally in tallies]))
    if given.document:
        from tests.crash.document import write_document

        write_document(tallies)
    return int(any(tally.faults for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
