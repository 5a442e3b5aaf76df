"""The deployment of deploy/compose.yaml as processes of this machine: the same commands, settings and health checks, on a
PostgreSQL of its own. What differs is what only containers have: addresses, ports, users and mounts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "deploy" / "compose.yaml").read_text())
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, or where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


class Postgres:
    """A PostgreSQL server in a folder. It refuses to run as root, so there it runs as the user `postgres` of Debian's package."""

    def __init__(self, programs: Path) -> None:
        # Not below pytest's folder, which only its owner may enter.
        self.folder, self.programs, self.port = Path(tempfile.mkdtemp(prefix="totalplace-postgres-")), programs, free_port()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        folder = self.folder
        self._call("initdb", "-D", str(folder / "data"), "-U", "totalplace", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg2://totalplace:not-a-secret@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def query(self, sql: str) -> list[str]:
        command = [
            str(self.programs / "psql"),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "totalplace",
            "-At",
            "-c",
            sql,
            "postgres",
        ]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    def _call(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*as_user, str(self.programs / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
        )
        assert done.returncode == 0, f"{program}: {done.stdout}"


class LocalDeployment:
    """The Total Place services of compose.yaml on one home and one returns folder."""

    def __init__(self, folder: Path, returns: Path, postgres: Postgres) -> None:
        self.home, self.returns, self.postgres = folder / "home", returns, postgres
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.ports = {name: free_port() for name in ("code", "look", "operate")}
        self.workspace = folder / "workspace.yaml"
        shipped = (REPOSITORY / "deploy" / "workspace.yaml").read_text()
        self.workspace.write_text(shipped.replace("4266", str(self.ports["code"])))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        given = COMPOSE["services"]["code"]["environment"]
        assert set(given) == {"TOTALPLACE_HOME", "TOTALPLACE_RETURNS", "TOTALPLACE_CODE_HOST", "TOTALPLACE_POSTGRES_URL"}
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER_", "TOTALPLACE_"))},
            "TOTALPLACE_HOME": str(self.home),
            "TOTALPLACE_RETURNS": str(self.returns),
            "TOTALPLACE_CODE_HOST": "127.0.0.1",
            "TOTALPLACE_POSTGRES_URL": self.postgres.url,
            "TOTALPLACE_SETTLE_SECONDS": "1",
            "PATH": f"{BIN}:{os.environ['PATH']}",
        }

    def address(self, service: str) -> str:
        prefix = _option(COMPOSE["services"][service]["command"], "--path-prefix") or ""
        return f"http://127.0.0.1:{self.ports[service]}{prefix}"

    def start(self, service: str, patience: float = 120) -> None:
        """Start a service by its own command and wait until its own health check passes."""
        command = [str(part) for part in COMPOSE["services"][service]["command"]]
        command = ["127.0.0.1" if part == "0.0.0.0" else part for part in command]
        if service in self.ports:
            command = _with_option(command, "--port", str(self.ports[service]))
        if service != "code":
            command += ["--workspace", str(self.workspace)]
        with (self.logs / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(
                [sys.executable, "-m", "orchestration.cli.main", *command],
                cwd=REPOSITORY, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        wait_until(lambda: self.is_healthy(service), patience, f"{service} to be healthy", lambda: self.log(service))

    def is_healthy(self, service: str) -> bool:
        assert self.processes[service].poll() is None, f"{service} stopped: {self.log(service)}"
        check = [str(part) for part in COMPOSE["services"][service]["healthcheck"]["test"]][1:]
        check = [
            part.replace("4266", str(self.ports["code"]))
            .replace("127.0.0.1:3000", f"127.0.0.1:{self.ports.get(service, 3000)}")
            .replace("DAGSTER_HOME=/var/lib/totalplace", f"DAGSTER_HOME={self.home}")
            for part in check
        ]
        return subprocess.run(check, env=self.environment, cwd="/", capture_output=True).returncode == 0

    def log(self, service: str) -> str:
        return (self.logs / f"{service}.log").read_text(errors="replace")[-3000:]

    def totalplace(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "orchestration.cli.main", *arguments]
        return subprocess.run(command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True)

    def graphql(self, service: str, query: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.address(service)}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def release(self) -> str:
        """The id of the current release, "" while there is none."""
        current = self.home / "releases" / "current"
        return current.resolve().name if current.exists() else ""

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.processes.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)  # what its children left
            except ProcessLookupError:
                continue


def wait_until(holds: Callable[[], bool], patience: float, what: str, told: Callable[[], str]) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s for {what}: {told()}"
        time.sleep(1)


def _option(command: Sequence[str], name: str) -> str | None:
    return str(command[command.index(name) + 1]) if name in command else None


def _with_option(command: list[str], name: str, value: str) -> list[str]:
    if name not in command:
        return [*command, name, value]
    place = command.index(name) + 1
    return [*command[:place], value, *command[place + 1 :]]
