"""Settings and time, as Dagster resources: no asset reads the environment or the clock itself."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from dagster import ConfigurableResource, Failure, InitResourceContext, get_dagster_logger

from ingest.fetch.settings import PREFIX, FetchSettings, settings_from
from ingest.home import Home, written_aside
from ingest.landing import Landing
from ingest.registry import Registry, load_registry
from ingest.registry.states import as_known
from ingest.waivers import WaiversInForce, waivers_in_force
from orchestration.data_docs.settings import days_from_environment
from orchestration.home_lock import HomeIsBusy, have_until_exit, wait_seconds
from orchestration.home_secret import home_secret
from orchestration.limit_settings import limits_from_environment

HOME_VARIABLE = "TOTALPLACE_HOME"
RETURNS_VARIABLE = "TOTALPLACE_RETURNS"
DEFAULT_HOME = ".totalplace/example"


class TotalPlace(ConfigurableResource):
    """The home that a run works in. `returns_folder` "" means TOTALPLACE_RETURNS, else the folder that the home was last run on."""

    home_path: str
    returns_folder: str = ""
    as_known_on: str = ""
    fetch: dict[str, str] = {}  # noqa: RUF012 (a field of the resource's schema): a row of docs/fetch.md -> value, before the environment

    def setup_for_execution(self, context: InitResourceContext) -> None:
        """A run has the home alone, until its process ends; sensors and schedules only look."""
        if context.run is None:
            return
        try:
            what = f"run {context.run.run_id[:8]} of {context.run.job_name}"
            have_until_exit(self.home, what, wait_seconds(), get_dagster_logger().info)
        except (HomeIsBusy, ValueError) as error:
            raise Failure(description=str(error), allow_retries=False) from error

    @property
    def home(self) -> Home:
        return Home(Path(self.home_path).resolve())

    @property
    def folder(self) -> Path | None:
        """The returns folder, or None when neither given nor remembered."""
        if self.returns_folder:
            return Path(self.returns_folder).resolve()
        return remembered_folder(self.home)

    @property
    def instant(self) -> datetime | None:
        return datetime.fromisoformat(self.as_known_on) if self.as_known_on else None

    def now(self) -> datetime:
        return datetime.now(UTC).replace(tzinfo=None)

    def landing(self) -> Landing:
        return Landing(self.home, self.now, limits_from_environment())

    def fetch_settings(self) -> FetchSettings:
        """Limits of fetching, from the field `fetch`, else from TOTALPLACE_FETCH_* variables.

        Raises ValueError, with words for a person, for one that cannot be used.
        """
        given = {PREFIX + name.upper(): value for name, value in self.fetch.items()}
        return settings_from({**os.environ, **given})

    def data_docs_days(self) -> int:
        """How long a page of the data docs is kept. Raises ValueError, with words for a person, for a value that cannot be used."""
        return days_from_environment()

    def registry(self) -> Registry:
        return load_registry(self.home.root / "registry", lambda: home_secret(self.home))

    def counting_registry(self) -> Registry:
        """The registry that money is counted by: on an instant of the past, as it was known then."""
        registry = self.registry()
        return as_known(self.home, registry, self.instant) if self.instant else registry

    def waivers(self) -> WaiversInForce:
        """The waivers in force: now, or on the instant that a release is wanted of."""
        return waivers_in_force(self.home, self.instant)


def remember_folder(home: Home, folder: Path) -> None:
    """Write down which folder the home was last run on, for the UI and the sensor."""
    with written_aside(home.settings) as aside:
        aside.write_text(json.dumps({"returns_folder": str(folder)}, indent=1))


def remembered_folder(home: Home) -> Path | None:
    """TOTALPLACE_RETURNS, else the folder that the home was last run on."""
    if given := os.environ.get(RETURNS_VARIABLE):
        return Path(given).resolve()
    try:
        return Path(json.loads(home.settings.read_bytes())["returns_folder"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None  # none remembered, or damaged: to be given again


def home_from_environment() -> str:
    """TOTALPLACE_HOME, else the folder above a DAGSTER_HOME that lies in a home, else the example's home."""
    if given := os.environ.get(HOME_VARIABLE):
        return given
    dagster_home = os.environ.get("DAGSTER_HOME", "")
    if dagster_home and Path(dagster_home).name == "dagster":
        return str(Path(dagster_home).parent)
    return DEFAULT_HOME
