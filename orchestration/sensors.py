"""Sensors: a change in the returns folder, or in what people decided, lands it, checks what changed, publishes.

Belongs here: seeing that something changed and asking for a run. Must not: land, judge or publish; the home is only looked at.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from ingest.home import Home
from ingest.registry import RegistryError
from ingest.returns_folder import REGISTRY_FOLDER, list_folder, misplaced
from orchestration.intake import undone_partitions
from orchestration.jobs import CHECK, LAND, PUBLISH
from orchestration.origin import origin_of
from orchestration.partitions import PUBLISHER_YEARS, RANGE_END, RANGE_START, contiguous_ranges
from orchestration.release_history import current_release, undone_twin
from orchestration.resources import TotalPlace

SETTLE_VARIABLE = "TOTALPLACE_SETTLE_SECONDS"
SETTLE_SECONDS = 5.0  # a file that changed less than this ago may still be on its way in
COMMAND_TAG = "totalplace/command"  # of runs by the command line, which goes on by itself


def watched_files(totalplace: TotalPlace) -> list[Path]:
    """The returns, the folder's registry (with files.csv), and what people decided in the home: waivers and withdrawals."""
    folder = totalplace.folder
    if folder is None or not folder.is_dir():
        return []
    given = [file.path for file in list_folder(folder).files] + sorted((folder / REGISTRY_FOLDER).glob("*.csv"))
    return given + decided_files(totalplace.home)


def decided_files(home: Home) -> list[Path]:
    return sorted((home.quarantine / "waivers").glob("*.json")) + [p for p in (home.root / "withdrawn.json",) if p.exists()]


def folder_fingerprint(totalplace: TotalPlace) -> str | None:
    """A hash of names, sizes and times of what is watched: cheap, and changed by anything that could matter. None: no folder."""
    folder = totalplace.folder
    if folder is None or not folder.is_dir():
        return None
    facts: list[tuple[str, int, int]] = []
    for path in watched_files(totalplace):
        try:
            stat = path.stat()
        except FileNotFoundError:  # it went while we looked: seen next time
            continue
        facts.append((str(path), stat.st_size, stat.st_mtime_ns))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def is_settled(totalplace: TotalPlace, now: float) -> bool:
    """False while a file is so new that it may still be written. A time in the future says nothing."""
    seconds = float(os.environ.get(SETTLE_VARIABLE) or SETTLE_SECONDS)
    return not any(0 <= now - path.stat().st_mtime < seconds for path in watched_files(totalplace) if path.exists())


def is_release_due(totalplace: TotalPlace) -> bool:
    """Whether publishing would publish: what there is is neither the current release nor one that was undone."""
    home, origin = totalplace.home, origin_of(totalplace)
    current = current_release(home)
    if not any(row["status"] == "in_service" for row in origin.inputs):
        return False
    if current is None:
        return True
    return current.manifest["input_fingerprint"] != origin.fingerprint and not undone_twin(home, origin.fingerprint)


@dg.sensor(job=LAND, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def returns_folder(context: dg.SensorEvaluationContext, totalplace: TotalPlace) -> dg.SensorResult | dg.SkipReason:
    """Watches the folder that the home was last run on, its registry, and waivers and withdrawals: a change starts a landing."""
    fingerprint = folder_fingerprint(totalplace)
    if fingerprint is None or totalplace.folder is None:
        return dg.SkipReason("no returns folder yet: run `totalplace run --returns FOLDER` once")
    if words := misplaced(totalplace.folder, totalplace.home):
        return dg.SkipReason(words)
    if fingerprint == context.cursor:
        return dg.SkipReason("the returns folder has not changed")
    if not is_settled(totalplace, time.time()):
        return dg.SkipReason("a file is still being written: looked at again in a moment")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"land-{fingerprint}")], cursor=fingerprint)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[LAND],
    request_jobs=[CHECK, PUBLISH],
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def landed(context: dg.RunStatusSensorContext, totalplace: TotalPlace) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """After a landing: check the publisher-years it changed; where none is to be read but the count changed all the same (a
    registry row, a withdrawal), publish."""
    if context.dagster_run.tags.get(COMMAND_TAG):
        yield dg.SkipReason("landed by `totalplace run`, which checks and publishes itself")
        return
    yield from after_landing(totalplace, context.instance, context.dagster_run.run_id)


def after_landing(totalplace: TotalPlace, instance: dg.DagsterInstance, run_id: str) -> Iterator[dg.RunRequest | dg.SkipReason]:
    name = PUBLISHER_YEARS.name
    assert name is not None
    try:
        undone = undone_partitions(totalplace.landing(), totalplace.registry(), totalplace.waivers())
    except RegistryError as error:
        yield dg.SkipReason(f"the registry cannot be used: {error}")
        return
    ranges = contiguous_ranges(undone, instance.get_dynamic_partitions(name))
    for start, end in ranges:
        tags = {RANGE_START: start, RANGE_END: end}
        yield dg.RunRequest(run_key=f"check-{run_id}-{start}", job_name=CHECK.name, tags=tags)
    if not ranges and is_release_due(totalplace):
        yield dg.RunRequest(run_key=f"publish-{run_id}", job_name=PUBLISH.name)
    elif not ranges:
        yield dg.SkipReason("every landed return is already checked, and what they come to is published")


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[CHECK],
    request_job=PUBLISH,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def checked(context: dg.RunStatusSensorContext, totalplace: TotalPlace) -> dg.RunRequest | dg.SkipReason:
    """After a check: publish, once nothing landed waits to be checked."""
    if context.dagster_run.tags.get(COMMAND_TAG):
        return dg.SkipReason("checked by `totalplace run`, which publishes itself")
    return after_checking(totalplace, context.dagster_run.run_id)


def after_checking(totalplace: TotalPlace, run_id: str) -> dg.RunRequest | dg.SkipReason:
    if undone_partitions(totalplace.landing(), totalplace.registry(), totalplace.waivers()):
        return dg.SkipReason("other returns are still being checked")
    if not is_release_due(totalplace):
        return dg.SkipReason("what there is to publish is published, or was undone, or nothing is in service")
    return dg.RunRequest(run_key=f"publish-{run_id}")
