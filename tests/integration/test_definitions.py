"""The code location: loads, validates, and tells its story: every asset described, owned, grouped, of a kind."""

from __future__ import annotations

import os
import time

import dagster as dg
import pytest

from expectations.catalogue import load_catalogue
from ingest.landing import Landing
from ingest.periods import financial_year_name
from orchestration.definitions import build_definitions
from orchestration.partitions import contiguous_ranges, expected_keys, register_keys
from orchestration.resources import TotalPlace, remember_folder
from orchestration.sensors import folder_fingerprint, returns_folder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions(totalplace=TotalPlace(home_path="/nonexistent"))


def test_it_loads(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_asset_tells_who_and_what(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    untold: list[str] = []
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        if not node.is_executable:
            untold.append(f"{key.to_user_string()}: nothing makes it")
        for what in ("description", "owners", "group_name", "kinds"):
            if not getattr(node, what):
                untold.append(f"{key.to_user_string()}: {what}")
        if node.group_name == "default":
            untold.append(f"{key.to_user_string()}: no group")
    assert untold == []


def test_every_table_has_a_column_schema(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    tables = [k for k in graph.get_all_asset_keys() if k.path[0] == "lake" or graph.get(k).group_name in ("marts", "quality")]
    bare = [k.to_user_string() for k in tables if "dagster/column_schema" not in graph.get(k).metadata]
    assert tables and bare == []


def test_every_rule_in_force_is_an_asset_check(definitions: dg.Definitions) -> None:
    names = {key.name for key in definitions.resolve_asset_graph().asset_check_keys}
    wanted = {r.rule_id for r in load_catalogue() if r.is_in_force(None) and not (r.grain == "file" and r.severity == "info")}
    assert wanted <= names


def test_the_gate_blocks(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    key = dg.AssetCheckKey(dg.AssetKey("qa_conservation"), "every_pound_is_in_one_place")
    assert graph.get(key).blocking


def test_expected_keys_show_the_holes() -> None:
    assert expected_keys({"a|2010-11", "a|2013-14", "b|unknown"}) == [
        *(f"a|{financial_year_name(y)}" for y in (2010, 2011, 2012, 2013)),
        "b|unknown",
    ]


@pytest.mark.parametrize(
    ("wanted", "ranges"),
    [
        ("abc", [("a", "c")]),
        ("acd", [("a", "a"), ("c", "d")]),
        ("e", [("e", "e")]),
        ("", []),
    ],
)
def test_contiguous_ranges_hold_exactly_the_wanted(wanted: str, ranges: list[tuple[str, str]]) -> None:
    assert contiguous_ranges(wanted, "abcde") == ranges


def test_register_keys_keeps_order_and_history() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        register_keys(instance, {"b|2022-23"})
        register_keys(instance, {"a|2022-23", "b|2024-25"})
        keys = instance.get_dynamic_partitions("publisher_year")
    assert list(keys) == ["a|2022-23", "b|2022-23", "b|2023-24", "b|2024-25"]


def test_the_sensor_starts_a_landing_when_the_folder_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("watched")
    totalplace = TotalPlace(home_path=str(root / "home"))
    file = root / "returns" / "some-council" / "April 2024.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Date,Supplier,Amount\n01/04/2024,A Ltd,1.00\n")
    with dg.build_sensor_context() as context:
        assert isinstance(returns_folder(context, totalplace=totalplace), dg.SkipReason)
    remember_folder(totalplace.home, root / "returns")
    before = folder_fingerprint(totalplace)
    with dg.build_sensor_context(cursor=before) as context:
        assert isinstance(returns_folder(context, totalplace=totalplace), dg.SkipReason)
    file.write_text("Date,Supplier,Amount\n01/04/2024,A Ltd,2.00\n01/04/2024,B Ltd,2.00\n")
    with dg.build_sensor_context(cursor=before) as context:
        waits = returns_folder(context, totalplace=totalplace)
    assert isinstance(waits, dg.SkipReason) or not waits.run_requests, "it may still be written"
    os.utime(file, (time.time() - 60, time.time() - 60))
    with dg.build_sensor_context(cursor=before) as context:
        result = returns_folder(context, totalplace=totalplace)
    assert isinstance(result, dg.SensorResult)
    assert len(result.run_requests or []) == 1
    assert Landing(totalplace.home).receipts() == ()  # the sensor only looks
