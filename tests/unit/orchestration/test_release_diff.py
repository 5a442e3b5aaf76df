"""Why two releases differ: every penny of every changed figure has a cause, and a cause only where there is evidence for it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ingest.home import Home
from orchestration.cli.main import cli
from orchestration.release_diff import ChangedFigure, ReleaseDiff, compare_releases
from orchestration.release_diff.attribution import Group, Leg, Lines, Spot, Strand, attribute, divide
from tests.unit.orchestration.release_helpers import Draft, publish_draft

PENCE = st.integers(-(10**9), 10**9)


def compared(tmp_path: Path, before: Draft, after: Draft) -> ReleaseDiff:
    home = Home(tmp_path)
    diff = compare_releases(publish_draft(home, "r1", before), publish_draft(home, "r2", after))
    for figure in diff.figures:
        assert sum(cause.aggregate_gbp for cause in figure.causes) == figure.aggregate_difference_gbp
        assert sum(cause.consolidated_gbp for cause in figure.causes) == figure.consolidated_difference_gbp
    return diff


def told(figure: ChangedFigure) -> list[tuple[str, Decimal]]:
    return [(cause.kind, cause.consolidated_gbp) for cause in figure.causes]


def council(pounds: str, revision: str = "1", **more: object) -> Draft:
    draft = Draft()
    draft.serve("council.count", revision)
    draft.line("f1", f"council.count@{revision}", "council", pounds, place_code="X1", **more)
    draft.spend("council", "X1", pounds)
    return draft


def test_the_same_content_has_no_differences(tmp_path: Path) -> None:
    diff = compared(tmp_path, council("10.00"), council("10.00"))
    assert (diff.figures, diff.tables, diff.inputs, diff.made_with, diff.is_explained) == ((), (), (), {}, True)


def test_a_replaced_revision_is_named_with_both_files(tmp_path: Path) -> None:
    diff = compared(tmp_path, council("10.00"), council("12.50", "2"))
    (figure,) = diff.figures
    (cause,) = figure.causes
    assert (cause.kind, cause.consolidated_gbp) == ("revision_replaced", Decimal("2.50"))
    assert (cause.revision_before, cause.revision_after) == ("council.count@1", "council.count@2")
    assert cause.files == ("council.count-1.csv", "council.count-2.csv")
    assert cause.sha256 == ("1" * 16, "2" * 16)
    assert [(change.revision_id, change.words) for change in diff.inputs] == [
        ("council.count@1", "in service -> not there"),
        ("council.count@2", "not there -> in service"),
    ]
    assert [t.table for t in diff.tables] == ["fct_allocation", "fct_flow", "mart_spend_by_place"]


@pytest.mark.parametrize(
    ("standing", "words"),
    [({"withdrawn": True, "status": "held"}, "(it is withdrawn)"), ({"status": "held"}, "(it is held)"), (None, "left service")],
)
def test_a_return_that_left_is_told_with_its_standing(tmp_path: Path, standing: dict[str, object] | None, words: str) -> None:
    after = Draft()
    if standing is not None:
        after.serve("council.count", "1", **standing)  # type: ignore[arg-type]
    after.rows["mart_spend_by_place"] = [
        {"place_code": "X1", "financial_year": "2024-25", "agency_slug": "council", "coverage_status": "missing"}
    ]
    diff = compared(tmp_path, council("10.00"), after)
    gone, missing = diff.figures
    assert told(gone) == [("return_removed", Decimal("-10.00"))] and words in gone.causes[0].words
    assert missing.after["coverage_status"] == "missing" and missing.causes[0].kind == "return_removed"


def test_a_waiver_lets_lines_in(tmp_path: Path) -> None:
    after = Draft()
    after.serve("council.count", "1", waivers=["w1"])
    for number, pounds in ((1, "10.00"), (2, "3.00")):
        after.line(f"f{number}", "council.count@1", "council", pounds, place_code="X1")
    after.spend("council", "X1", "13.00")
    (figure,) = compared(tmp_path, council("10.00"), after).figures
    assert told(figure) == [("waiver", Decimal("3.00"))]


def test_rows_that_stand_in_another_file_too(tmp_path: Path) -> None:
    before, after = council("10.00"), council("8.00")
    before.rows["qa_return_ledger"] = [{"revision_id": "council.count@1", "repeated_count": 0, "repeated_gbp": 0}]
    after.rows["qa_return_ledger"] = [{"revision_id": "council.count@1", "repeated_count": 1, "repeated_gbp": 2}]
    (figure,) = compared(tmp_path, before, after).figures
    assert told(figure) == [("repeated_rows", Decimal("-2.00"))]


def test_a_transfer_rule_moves_money_between_treatments(tmp_path: Path) -> None:
    before, after = council("10.00"), Draft(made_with={"registry": {"registry/transfer_rules.csv": "2"}})
    before.made_with = {"registry": {"registry/transfer_rules.csv": "1"}}
    after.serve("council.count", "1")
    kind = {"transfer_kind": "tax", "counterparty_agency": "hmrc"}
    after.line("f1", "council.count@1", "council", "10.00", place_code="X1", transfer_rule_id="registry_001", **kind)
    after.spend("council", "X1", "10.00", kept=False, reason="collected_for_hmrc", **kind)
    (figure,) = compared(tmp_path, before, after).figures
    (cause,) = figure.causes
    assert (cause.kind, cause.aggregate_gbp, cause.consolidated_gbp) == ("registry", Decimal("0.00"), Decimal("-10.00"))
    assert "rule none -> registry_001" in cause.words and cause.files == ("registry/transfer_rules.csv",)


def test_what_is_spent_on_a_payee_counts_again_when_its_return_is_gone(tmp_path: Path) -> None:
    def icb(*, trust: bool) -> Draft:
        draft = Draft()
        draft.serve("icb.count", "1")
        kind = {"transfer_kind": "purchase", "counterparty_agency": "trust"}
        draft.line("f1", "icb.count@1", "icb", "200.00", place_code="X1", **kind)
        reason = "payee_inside_perimeter" if trust else "payee_not_returned"
        draft.spend("icb", "X1", "200.00", kept=not trust, reason=reason, **kind)
        if trust:
            draft.serve("trust.count", "1")
            draft.line("f2", "trust.count@1", "trust", "150.00", place_code="X1")
            draft.spend("trust", "X1", "150.00")
        return draft

    diff = compared(tmp_path, icb(trust=True), icb(trust=False))
    causes = {figure.figure.agency_slug: figure.causes for figure in diff.figures}
    (stays,) = causes["icb"]
    assert (stays.kind, stays.consolidated_gbp, stays.return_id) == ("treatment", Decimal("200.00"), "trust.count")
    assert "payee_inside_perimeter -> payee_not_returned, because return trust.count left service" in stays.words
    assert diff.difference_gbp == Decimal("50.00")
    assert [(c.kind, c.consolidated_gbp) for c in diff.by_cause] == [("treatment", Decimal("200.00")), ("return_removed", Decimal("-150.00"))]  # fmt: skip  # noqa: E501


def apportioned(total: str, shares: tuple[str, str], made: str, revision: str = "1") -> Draft:
    draft = Draft(made_with={"registry": {"registry/agency_places.csv": made}})
    draft.serve("fire.count", revision)
    draft.line("f1", f"fire.count@{revision}", "fire", total)
    for place, pounds in zip(("X1", "X2"), shares, strict=True):
        draft.spend("fire", place, pounds, driver="population", method_grade="D")
    return draft


def test_changed_lines_follow_the_shares_to_their_places(tmp_path: Path) -> None:
    diff = compared(tmp_path, apportioned("100.00", ("66.67", "33.33"), "1"), apportioned("100.10", ("66.73", "33.37"), "1", "2"))
    assert [told(figure) for figure in diff.figures] == [
        [("revision_replaced", Decimal("0.06"))], [("revision_replaced", Decimal("0.04"))]
    ]  # fmt: skip


def test_lines_and_weights_at_once_are_told_apart(tmp_path: Path) -> None:
    diff = compared(tmp_path, apportioned("100.00", ("50.00", "50.00"), "1"), apportioned("200.00", ("150.00", "50.00"), "2", "2"))
    causes = {figure.figure.place_code: told(figure) for figure in diff.figures}
    assert causes["X1"] == [("registry", Decimal("50.00")), ("revision_replaced", Decimal("50.00"))]
    assert "X2" not in causes  # +50 and -50: nothing changed there


def test_without_evidence_money_stays_unexplained(tmp_path: Path) -> None:
    before, after = apportioned("100.00", ("50.00", "50.00"), "1"), apportioned("100.00", ("60.00", "40.00"), "1")
    before.made_with, after.made_with = (
        {"rules": {"expectations/catalogue.csv": "1"}},
        {"rules": {"expectations/catalogue.csv": "2"}},
    )
    diff = compared(tmp_path, before, after)  # a rule changed too, and has nothing to do with places
    assert [told(figure) for figure in diff.figures] == [[("unexplained", Decimal("10.00"))], [("unexplained", Decimal("-10.00"))]]
    assert not diff.is_explained


def test_the_same_bytes_read_otherwise_need_a_changed_mapping(tmp_path: Path) -> None:
    before, after = council("10.00"), council("11.00")
    for draft, made in ((before, "1"), (after, "2")):
        draft.made_with = {"mappings": {"ingest/registry/header_synonyms.csv": made}}
    (figure,) = compared(tmp_path, before, after).figures
    assert told(figure) == [("mappings", Decimal("1.00"))]


def test_another_layer_that_counts_is_told(tmp_path: Path) -> None:
    before, after = council("10.00"), Draft()
    after.serve("council.count", "1")
    after.serve("council.spend", "9")
    after.line("f1", "council.count@1", "council", "10.00", place_code="X1", is_counting_layer=False)
    after.line("g1", "council.spend@9", "council", "4.00", place_code="X1")
    after.spend("council", "X1", "4.00")
    (figure,) = compared(tmp_path, before, after).figures
    assert told(figure) == [("layer", Decimal("-10.00")), ("return_added", Decimal("4.00"))]
    assert "because return council.spend came into service" in figure.causes[0].words


def test_another_layer_without_a_reason_stays_unexplained(tmp_path: Path) -> None:
    after = Draft()
    after.serve("council.count", "1")
    after.line("f1", "council.count@1", "council", "10.00", place_code="X1", is_counting_layer=False)
    after.line("g1", "council.count@1", "council", "4.00", place_code="X1")
    after.spend("council", "X1", "4.00")
    (figure,) = compared(tmp_path, council("10.00"), after).figures
    assert {cause.kind for cause in figure.causes} == {"unexplained"}


def test_a_population_alone_is_a_cause_without_money(tmp_path: Path) -> None:
    before, after = council("10.00"), council("10.00")
    for draft, people, made in ((before, 5, "1"), (after, 6, "2")):
        draft.made_with = {"seeds": {"dbt_project/seeds/seed_populations.csv": made}}
        draft.rows["mart_spend_by_place"] = [{**row, "population_count": people} for row in draft.figures()]
        draft.rows["fct_allocation"] = []
    (figure,) = compared(tmp_path, before, after).figures
    assert [(c.kind, c.consolidated_gbp, c.files) for c in figure.causes] == [
        ("seeds", Decimal("0.00"), ("dbt_project/seeds/seed_populations.csv",))
    ]


def test_a_release_of_before_the_allocation_was_published_explains_nothing(tmp_path: Path) -> None:
    before = council("10.00")
    before.without, before.made_with = ("fct_allocation",), None
    diff = compared(tmp_path, before, council("12.00", "2"))
    assert told(diff.figures[0]) == [("unexplained", Decimal("2.00"))]


def test_the_command_prints_writes_and_says_by_its_status(tmp_path: Path) -> None:
    home = Home(tmp_path / "h")
    publish_draft(home, "r1", council("10.00"))
    publish_draft(home, "r2", council("12.50", "2"))
    unexplained = council("13.00", "2")
    publish_draft(home, "r3", unexplained)

    def call(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(cli, ["releases", "diff", *map(str, arguments), "--home", str(home.root)])
        return result.exit_code, result.stdout, result.stderr

    status, out, _ = call("r1", "r2", "--csv", tmp_path / "d.csv")
    assert status == 0 and "£10.00 -> £12.50, +£2.50" in out and "Nothing is unexplained." in out
    assert "Figures of mart_spend_by_place: 1 row differs, 1 in money" in out
    rows = (tmp_path / "d.csv").read_text().splitlines()
    assert len(rows) == 2 and "revision_replaced" in rows[1]
    status, out, _ = call("--json")  # previous and current
    assert status == 1
    (figure,) = json.loads(out)["figures"]
    assert [(c["kind"], c["consolidated_gbp"]) for c in figure["causes"]] == [("unexplained", 0.5)]
    status, _, err = call("r1", "r9")
    assert status == 2 and err.strip() == "totalplace: there is no release 'r9'; there are r1, r2, r3"
    assert call("r1", "r2", "--csv", tmp_path / "none" / "d.csv")[0] == 2
    (home.releases / "r1" / "totalplace.duckdb").write_bytes(b"no database")
    status, _, err = call("r1", "r2")
    assert status == 1 and len(err.strip().splitlines()) == 1 and "a release cannot be read" in err


@given(PENCE, st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9))
def test_division_loses_no_penny(pence: int, weights: list[int]) -> None:
    parts = divide(pence, weights)
    assert sum(parts) == pence
    total = sum(weights)
    if total:
        assert all(abs(part * total - pence * weight) < abs(total) * 2 for part, weight in zip(parts, weights, strict=True))


_GROUPS = [Group("a", "2024-25", "revenue", "gross", kind, None) for kind in (None, "grant")]
_SPOTS = [Spot(place, "in", grade) for place in ("X1", "X2") for grade in ("A", "D")]
_STRANDS = st.lists(
    st.builds(
        Strand, st.sampled_from(_GROUPS), st.sampled_from(_SPOTS), st.booleans(), PENCE, PENCE, PENCE, PENCE, st.integers(0, 5),
        st.just(()), st.sampled_from([(), ("payee_not_returned",)]),
    ),
    max_size=6,
)  # fmt: skip
_LEGS = st.lists(
    st.builds(
        Leg, st.sampled_from(_GROUPS), st.sampled_from([*_SPOTS, Spot(None, None, None)]),
        st.builds(Lines, st.just("lines"), st.sampled_from(["r1", "r2"])), PENCE,
    ),
    max_size=6,
)  # fmt: skip


@given(_STRANDS, _LEGS, st.booleans())
def test_effects_sum_to_the_difference_whatever_the_releases_say(strands: list[Strand], legs: list[Leg], places: bool) -> None:
    effects = attribute(strands, legs, may_places_differ=places)
    for figure in {strand.figure for strand in strands}:
        mine = [strand for strand in strands if strand.figure == figure]
        found = [effect for effect in effects if effect.figure == figure]
        assert sum(e.aggregate for e in found) == sum(s.aggregate_after - s.aggregate_before for s in mine)
        assert sum(e.consolidated for e in found) == sum(s.consolidated_after - s.consolidated_before for s in mine)
