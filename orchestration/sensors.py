"""Sensors: a change in the returns folder lands it, checks what changed, publishes."""

import hashlib
from collections.abc import Iterator

import dagster as dg

from ingest.returns_folder import REGISTRY_FOLDER, list_folder
from orchestration.intake import undone_partitions
from orchestration.jobs import CHECK, LAND, PUBLISH
from orchestration.partitions import PUBLISHER_YEARS, RANGE_END, RANGE_START, contiguous_ranges
from orchestration.resources import TotalPlace


def folder_fingerprint(totalplace: TotalPlace) -> str | None:
    """A hash of names, sizes and times of the folder's files: cheap, and changed by anything that could matter."""
    folder = totalplace.folder
    if folder is None or not folder.is_dir():
        return None
    paths = [file.path for file in list_folder(folder).files] + sorted((folder / REGISTRY_FOLDER).glob("*.csv"))
    facts = [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in paths]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


@dg.sensor(job=LAND, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def returns_folder(context: dg.SensorEvaluationContext, totalplace: TotalPlace) -> dg.SensorResult | dg.SkipReason:
    """Watches the folder that the home was last run on; a changed file, name or registry row starts a landing."""
    fingerprint = folder_fingerprint(totalplace)
    if fingerprint is None:
        return dg.SkipReason("no returns folder yet: run `totalplace run --returns FOLDER` once")
    if fingerprint == context.cursor:
        return dg.SkipReason("the returns folder has not changed")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"land-{fingerprint}")], cursor=fingerprint)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[LAND],
    request_jobs=[CHECK, PUBLISH],
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def landed(context: dg.RunStatusSensorContext, totalplace: TotalPlace) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """After a landing: check the publisher-years it changed."""
    if context.dagster_run.tags.get("totalplace/command"):
        yield dg.SkipReason("landed by `totalplace run`, which checks and publishes itself")
        return
    name = PUBLISHER_YEARS.name
    assert name is not None
    ordered = context.instance.get_dynamic_partitions(name)
    ranges = contiguous_ranges(undone_partitions(totalplace.landing(), totalplace.registry(), totalplace.waivers()), ordered)
    for start, end in ranges:
        tags = {RANGE_START: start, RANGE_END: end}
        yield dg.RunRequest(run_key=f"check-{context.dagster_run.run_id}-{start}", job_name=CHECK.name, tags=tags)
    if not ranges:
        yield dg.SkipReason("every landed return is already checked")


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[CHECK],
    request_job=PUBLISH,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def checked(context: dg.RunStatusSensorContext, totalplace: TotalPlace) -> dg.RunRequest | dg.SkipReason:
    """After a check: publish, once nothing landed waits to be checked."""
    if context.dagster_run.tags.get("totalplace/command"):
        return dg.SkipReason("checked by `totalplace run`, which publishes itself")
    if undone_partitions(totalplace.landing(), totalplace.registry(), totalplace.waivers()):
        return dg.SkipReason("other returns are still being checked")
    return dg.RunRequest(run_key=f"publish-{context.dagster_run.run_id}")
