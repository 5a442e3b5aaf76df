"""Intake: from published bytes to checked, typed lines.

Belongs here: landing, reading, header search, mapping, typing, the ledger, revisions. Plain Python: no dagster, no dbt,
no rules (those are `expectations`); the network only in `fetch`.
"""

import os

# Arrow's allocator reads this when it is loaded: what a block of a large file needed is kept for the next one, not given back and
# asked for anew. It is given back between the steps of a run (`orchestration.memory`).
os.environ.setdefault("MIMALLOC_PURGE_DELAY", "10000")  # milliseconds
