"""Runs whose process was killed: Dagster takes them for running, and keeps their place in a pool for ever.

Belongs here: telling such runs by the process that made them, and ending them. Must not: touch a run of a living process, of
another machine, or one that the UI or a daemon made (Dagster's own monitoring ends those).
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import dagster as dg

PROCESS_TAG = "totalplace/process"
_OPEN = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def process_tags() -> dict[str, str]:
    """What a run of this process carries, so that it is known when the process is gone."""
    return {PROCESS_TAG: f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"}


def end_abandoned_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs of killed processes of this machine as failed and free what they held; their ids."""
    ended: list[str] = []
    for run in instance.get_runs(dg.RunsFilter(statuses=_OPEN)):
        owner = run.tags.get(PROCESS_TAG)
        if owner is not None and _is_gone(owner):
            instance.report_run_failed(run, "the process was killed; the next run goes on where it was stopped")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            ended.append(run.run_id)
    return ended


def _is_gone(owner: str) -> bool:
    host, _, process = owner.rpartition("/")[0].rpartition("/")
    started = owner.rpartition("/")[2]
    return host == socket.gethostname() and _started(int(process)) != started


def _started(process: int) -> str:
    """When a process began, in the system's own count, so that a number that was given again is not taken for it; "" where none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except FileNotFoundError:
        pass
    try:  # a system without /proc
        os.kill(process, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "running"
    return "" if Path("/proc/self/stat").exists() else "running"
