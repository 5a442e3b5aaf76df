"""What Dagster asks again for each of the hundreds of assets of a step, remembered for the step.

Belongs here: answers that cannot change while a step runs. Must not: change an answer (a test holds the two against each other).

Which assets a step has, it works out anew for each of them: of 260 assets that took 0.6 s. And the record of every asset that
another of the same run depends on is read back from the log and decoded, a moment after this process wrote it: 0.9 s.
"""

from collections.abc import Sequence
from typing import Any

from dagster import AssetKey, EventLogEntry
from dagster._core.definitions.data_version import extract_data_version_from_entry
from dagster._core.events import DagsterEventType
from dagster._core.execution.context.data_version_cache import DataVersionCache, InputAssetVersionInfo
from dagster._core.execution.context.system import StepExecutionContext

DAGSTERS_OWN = {  # what is replaced, as it was
    "get_output_asset_keys": StepExecutionContext.get_output_asset_keys,
    "_fetch_input_asset_version_info": DataVersionCache._fetch_input_asset_version_info,
}
_KEYS, _WRITTEN = "_totalplace_output_asset_keys", "_totalplace_written"


def remember_what_was_written() -> None:
    """From now on, for every step of this process."""
    StepExecutionContext.get_output_asset_keys = _output_asset_keys
    DataVersionCache._fetch_input_asset_version_info = _input_asset_version_info


def note_written(storage: object, event: EventLogEntry, number: int) -> None:
    """That a materialisation stands in the index of `storage` under `number`. Of the last run that wrote there, one for each asset.

    Not of an asset with partitions: how those are summed up is Dagster's to say.
    """
    told = event.get_dagster_event()
    if told.partition is not None:
        return
    run_id, written = storage.__dict__.setdefault(_WRITTEN, (event.run_id, {}))
    if run_id != event.run_id:
        written = {}
        storage.__dict__[_WRITTEN] = (event.run_id, written)
    version = extract_data_version_from_entry(event)
    written[told.asset_key] = InputAssetVersionInfo(
        number, DagsterEventType.ASSET_MATERIALIZATION, version, event.run_id, event.timestamp
    )


def _output_asset_keys(self: Any) -> Any:
    if _KEYS not in self.__dict__:
        self.__dict__[_KEYS] = frozenset(DAGSTERS_OWN["get_output_asset_keys"](self))
    return self.__dict__[_KEYS]


def _input_asset_version_info(self: Any, asset_keys: Sequence[AssetKey]) -> None:
    context = self._context
    run_id, written = getattr(context.instance.event_log_storage, _WRITTEN, ("", {}))
    rest: list[AssetKey] = []
    for key in asset_keys:
        if run_id == context.run_id and key in written:
            self.input_asset_version_info[key] = written[key]
        else:
            rest.append(key)
    if rest:
        DAGSTERS_OWN["_fetch_input_asset_version_info"](self, rest)
