"""The whole run, step by step, as `totalplace run` makes it: land, check, publish, each a Dagster run of the home's instance.

Belongs here: the order of the runs, deciding that there is nothing to do, turning a failed run into one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

import dagster as dg

from ingest.home import Home
from ingest.registry import RegistryError, is_synthetic, load_registry
from ingest.returns_folder import REGISTRY_FOLDER, list_folder
from ingest.revisions import decide_revisions
from orchestration.abandoned import end_abandoned_runs, process_tags
from orchestration.alerts.settings import is_alerting
from orchestration.definitions import build_definitions
from orchestration.early_copy import drop_copy
from orchestration.home_lock import HomeIsBusy, home_lock, wait_seconds
from orchestration.instance import StorageUnreachable, open_instance, prepare_instance
from orchestration.intake import read_again, undone_partitions
from orchestration.jobs import CHECK, LAND, PUBLISH
from orchestration.origin import origin_of
from orchestration.partitions import PUBLISHER_YEARS, RANGE_END, RANGE_START, contiguous_ranges
from orchestration.quarantine import Replayed, held_items, held_records, how_released
from orchestration.release import ReleaseError, finish_publishing
from orchestration.release_history import current_release, is_made_of, list_releases, undone_twin
from orchestration.resources import TotalPlace, remember_folder
from orchestration.run_failures import why
from orchestration.sensors import COMMAND_TAG
from orchestration.warehouse import current_records

Progress = Callable[[str], None]
_QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_TAGS = {COMMAND_TAG: "run"}


class RunFailed(RuntimeError):
    """No release could be published. The message is one line: what, where, what to do."""


@dataclass(frozen=True)
class RunOutcome:
    """`status`: `published`; `unchanged` when there was nothing to do; `undone` when what there is to publish is a release that a
    person took back (`undone` names it). `ignored`: files at the folder's root. `fetched`: a line on what was fetched, "" when
    nothing was due."""

    status: str
    release_id: str
    ignored: tuple[str, ...] = ()
    fetched: str = ""
    undone: str = ""


def run_pipeline(home: Home, returns: Path, progress: Progress, as_known_on: str = "") -> RunOutcome:
    """Land, check and publish; then say what there is to alert of, where alerts are on.

    The home is this run's alone: another is waited for (`orchestration.home_lock`). Raises RunFailed when no release could be
    published; bad returns do not make it fail.
    """
    try:
        wait = wait_seconds()
    except ValueError as error:
        raise RunFailed(str(error)) from error
    try:
        with home_lock(home, "totalplace run", wait, progress):
            outcome = _run(home, returns, progress, as_known_on)
    except HomeIsBusy as error:
        raise RunFailed(str(error)) from error
    except (RunFailed, StorageUnreachable) as error:
        _alert(home, progress, str(error))
        if isinstance(error, StorageUnreachable):
            raise RunFailed(str(error)) from error
        raise
    _alert(home, progress, "")
    return outcome


def _alert(home: Home, progress: Progress, failure: str) -> None:
    if not is_alerting():
        return
    from orchestration.alerts.after_run import alert_after_run

    try:
        with open_instance() as instance:
            words = alert_after_run(home, instance, failure)
    except StorageUnreachable:  # who must mend it is told all the same
        words = alert_after_run(home, None, failure)
    if "FAILED" not in words:  # that was logged, where nobody can pass it over
        progress(words)


def _run(home: Home, returns: Path, progress: Progress, as_known_on: str) -> RunOutcome:
    ignored = list_folder(returns).ignored
    remember_folder(home, returns.resolve())
    prepare_instance(home)
    totalplace = TotalPlace(home_path=str(home.root), returns_folder=str(returns), as_known_on=as_known_on)
    definitions = build_definitions(totalplace=totalplace)
    with open_instance() as instance:
        end_abandoned_runs(instance)
        progress("landing the returns folder")
        fetched = _fetched(_execute(definitions, LAND.name, instance))
        try:
            undone = undone_partitions(totalplace.landing(), totalplace.registry(), totalplace.waivers())
        except RegistryError as error:
            raise RunFailed(f"the registry cannot be used: {error}") from error
        name = PUBLISHER_YEARS.name
        assert name is not None
        ordered = instance.get_dynamic_partitions(name)
        ranges = contiguous_ranges(undone, ordered)
        for number, (start, end) in enumerate(ranges, start=1):
            size = ordered.index(end) - ordered.index(start) + 1
            progress(
                f"checking {start.split('|')[0]} to {end.split('|')[0]}: {size} publisher-years (run {number} of {len(ranges)})"
            )
            _execute(definitions, CHECK.name, instance, {RANGE_START: start, RANGE_END: end})
        current = current_release(home)
        origin = origin_of(totalplace)
        if current is not None and (damaged := current.damaged_files):
            progress(f"release {current.release_id} is damaged ({', '.join(damaged)} is not what was published): it is made again")
        if current is not None and is_made_of(current, origin.fingerprint):
            return RunOutcome("unchanged", current.release_id, ignored, fetched)
        if current is not None and (undone := undone_twin(home, origin.fingerprint)):
            return RunOutcome("undone", current.release_id, ignored, fetched, undone)
        refuse_when_nothing_counts(origin.inputs, home, returns, origin.as_known_on)
        try:
            ready = finish_publishing(home, origin)
        except ReleaseError as error:
            raise RunFailed(str(error)) from error
        if ready is not None:
            return RunOutcome("published", ready.release_id, ignored, fetched)
        progress("building the warehouse and publishing")
        try:
            _execute(definitions, PUBLISH.name, instance)
        finally:
            drop_copy(home)  # where a gate closed nobody asked for it
    if as_known_on:
        return RunOutcome("published", list_releases(home)[-1].release_id, ignored, fetched)
    published = current_release(home)
    if published is None:
        raise RunFailed("the run ended without a release; look at it in `totalplace ui`")
    return RunOutcome("published", published.release_id, ignored, fetched)


def replay(home: Home, returns: Path, progress: Progress, agency: str | None = None) -> Replayed:
    """Read and check again every file in which something is held (`agency`: of this one), whatever its record was made by, then
    publish if anything changed.

    Raises RunFailed as `run_pipeline` does; RegistryError when the registry cannot be used.
    """
    totalplace = TotalPlace(home_path=str(home.root), returns_folder=str(returns))
    before = held_items(home, agency)
    read_again(totalplace.landing(), totalplace.registry(), held_records(home, agency))
    outcome = run_pipeline(home, returns, progress)
    after = held_items(home, agency)
    return Replayed(outcome.status, outcome.release_id, how_released(home, before, after), tuple(after))


def refuse_when_nothing_counts(
    inputs: Sequence[Mapping[str, Any]], home: Home, returns: Path, as_known_on: datetime | None = None
) -> None:
    """Say plainly that there is nothing to count, rather than let a gate say it."""
    if any(row["status"] == "in_service" for row in inputs):
        return
    landed = [record.first_landed_at for record in current_records(home)]
    if not inputs and as_known_on is not None and landed:
        raise RunFailed(
            f"nothing had landed by {as_known_on}: the first return of {home.root} landed at {min(landed):%Y-%m-%d %H:%M:%S} (UTC);"
            " give --as-known-on a later instant"
        )
    if not inputs:
        raise RunFailed(f"there is no return in {returns}: put files into {returns}/<publisher-slug>/, one folder per publisher")
    held = [
        (r.file.file_name, r.part.hold_reason)
        for r in decide_revisions(current_records(home, as_known_on), as_known_on)
        if r.status == "held"
    ]
    name, reason = held[0]
    words = f"all {len(held)} returns are held" if len(held) > 1 else "the only return is held"
    first = f"{'the first: ' if len(held) > 1 else ''}{name}: {shorten(reason, 200, placeholder=' …')}"
    raise RunFailed(
        f"{words}, nothing can be counted; {first}"
        f" (what to do: `totalplace quarantine list`, and the pages under {home.root / 'reports'})"
    )


def mixes_synthetic_and_real(home: Home, returns: Path) -> bool:
    """True when the home holds returns of the other sort: synthetic and real never share a home."""
    if not any(home.receipts.rglob("*.json")):
        return False
    # agencies alone: a policy that the home kept and that cannot be used is about to be replaced by the folder's
    kept, given = (load_registry(root / REGISTRY_FOLDER, names=("agencies",)) for root in (home.root, returns))
    return is_synthetic(kept) != is_synthetic(given)


def _fetched(landing: dg.ExecuteInProcessResult) -> str:
    """One line on the endpoints that the landing asked, from what it says of itself."""
    (event,) = landing.asset_materializations_for_node("land")
    due, fetched, unchanged, failed = (
        event.metadata[f"endpoints_{name}"].value for name in ("due", "fetched", "unchanged", "failed")
    )
    words = f"{due} endpoints asked: {fetched} fetched, {unchanged} unchanged, {failed} failed"
    return "" if not due else words + (" (why: landing/attempts in the home, and the findings)" if failed else "")


def _execute(
    definitions: dg.Definitions, job: str, instance: dg.DagsterInstance, tags: dict[str, str] | None = None
) -> dg.ExecuteInProcessResult:
    result = definitions.resolve_job_def(job).execute_in_process(
        instance=instance, run_config=_QUIET, tags=_TAGS | process_tags() | (tags or {}), raise_on_error=False
    )
    if not result.success:
        raise RunFailed(f"{job}: {why(result.all_events)} (run {result.run_id[:8]}, in `totalplace ui`)")
    return result
