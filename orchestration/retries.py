"""Trying again: only for faults of the network, which pass by themselves. Anything else comes out the same a minute later.

Belongs here: which faults are tried again by a run, how often, when. Attempts within one fetch are `ingest.fetch`'s.
"""

import dagster as dg

from ingest.fetch.run import FetchReport

NETWORK_FAULTS = frozenset(
    ("unknown_name", "unreachable", "busy", "server_error", "too_slow", "stalled", "cut_short", "interrupted")
)
RETRIES, WAIT_SECONDS = 2, 60.0


def network_retry(fetched: FetchReport, retry_number: int, *, is_watched: bool) -> dg.RetryRequested | None:
    """What a landing raises to be tried again, or None. `is_watched`: a person waits at a terminal, who is told instead."""
    faults = sorted({attempt.outcome for attempt in fetched.failed} & NETWORK_FAULTS)
    if not faults or is_watched or retry_number >= RETRIES:
        return None
    return dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=WAIT_SECONDS * 2**retry_number)
