"""The files under deploy/ keep their promises: nobody is root, nothing is writable that need not be, everything says whether it is
well. What they start is tested in tests/integration/test_deployment.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
OURS = ("code", "daemon", "look", "operate")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_locked_down_and_watched(name: str) -> None:
    service = SERVICES[name]
    user = int(service["user"].split(":")[0])
    assert user > 0, "not root"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["logging"]["options"]["max-size"], "logs do not fill the disk"


def test_only_the_code_location_writes_the_home_and_nobody_the_returns() -> None:
    writers = {name for name, service in SERVICES.items() if "home:/var/lib/totalplace" in service.get("volumes", [])}
    assert writers == {"code"}
    returns = [volume for service in SERVICES.values() for volume in service.get("volumes", []) if ":/srv/returns" in volume]
    assert returns and all(volume.endswith(":ro") for volume in returns)


def test_only_the_proxy_is_reached_from_outside_and_it_asks_who_is_there() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    proxy = (DEPLOY / "proxy.conf").read_text()
    locations = re.findall(r"location ([^{]+)\{([^}]*)\}", proxy)
    assert {path.strip() for path, _ in locations} == {"= /healthy", "/operate", "/files/releases/", "/"}
    for path, block in locations:
        assert "auth_basic_user_file" in block or path.strip() == "= /healthy", path
        for served in re.findall(r"alias (\S+);", block):
            assert served == "/var/lib/totalplace/releases/", "what is held is not served"
    operators = {path.strip(): block for path, block in locations}["/operate"]
    assert "users/operate" in operators and "http://operate:3000" in operators
    assert "--read-only" in SERVICES["look"]["command"] and "--read-only" not in SERVICES["operate"]["command"]


def test_what_holds_secrets_is_never_committed() -> None:
    ignored = (DEPLOY.parent / ".gitignore").read_text().splitlines()
    assert {"/deploy/settings.env", "/deploy/users/", ".env"} <= set(ignored)


def test_secrets_are_not_in_the_files() -> None:
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            for found in re.findall(r"(?i)password[ \t]*[:=](?!\?)[ \t]*(\S+)", file.read_text()):
                assert found.startswith(("${", "not-")), f"{file.name}: {found}"


def test_the_image_installs_by_the_lock_and_runs_as_nobody_of_note() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.lock" in dockerfile
    assert re.search(r"^USER 10001$", dockerfile, re.MULTILINE)
    locked = (DEPLOY / "requirements.lock").read_text()
    assert "dagster-postgres==" in locked and "psycopg2-binary==" in locked and "pytest==" not in locked
    everything = (DEPLOY.parent / "requirements.lock").read_text()
    versions = dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ]+)", everything, re.MULTILINE))
    for name, version in re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ]+)", locked, re.MULTILINE):
        assert versions.get(name) == version, f"{name}: the image has {version}, the tests ran with {versions.get(name)}"


def test_all_of_ours_are_one_image_and_know_the_same_home() -> None:
    assert len({SERVICES[name]["image"] for name in OURS}) == 1
    assert len({str(SERVICES[name]["environment"]) for name in OURS}) == 1
    assert len({SERVICES[name]["user"] for name in OURS}) == 1
