"""Registry rows that cannot be used are named and left out; the rest is in use."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingest.registry import RegistryError, load_registry, refuse_faulty_policy
from ingest.registry.validation import OF_AGENCIES, usable_rows

AGENCY = {"agency_slug": "new-council", "agency_name": "New Council", "agency_type": "la_unitary"}
SYNONYM = {"kind": "spend", "header": "Wert", "field": "amount_gbp"}
SERVICE_RULE = {"agency_type": "la_upper;police", "field": "department;description", "words": "^parks", "service_code": "08.1"}
PURCHASE_RULE = {"field": "expense_type;payee_name", "words": "^grit", "purchase_category": "supplies.materials", "grade": "C"}
RULE = {"field": "description", "pattern": "precept", "transfer_kind": "collection_on_behalf"}
POLICY = {"kind": "spend", "field": "payee_name", "action": "drop", "reason": "carers are named"}
OVERRIDE = {"agency_slug": "a", "financial_year": "2024-25", "layer": "accounts", "reason": "the count is a draft"}
DUE = {"kind": "spend", "frequency": "quarter", "due_days": "31", "agency_type": "fire;police", "source": "the code"}
AMOUNT = {
    "rule_id": "r",
    "agency_slug": "a",
    "financial_year": "2024-25",
    "amount_gbp": "1.00",
    "counterparty_agency": "b",
    "reason": "x",
}
CODES = ("", "spend", "registry")  # codes of a closed list, which the words may name
SERVES = {"agency_slug": "a", "place_code": "E07000120"}


@pytest.mark.parametrize(
    ("name", "good", "column", "bad", "words"),
    [
        ("agencies", AGENCY, "agency_type", "no_such_type", "agency_type 'no_such_type' is not one of"),
        ("agencies", AGENCY, "agency_slug", "../up", "agency_slug '../up' is not a slug"),
        ("agencies", AGENCY, "agency_slug", "registry", "agency_slug 'registry' is not a slug"),
        ("agencies", AGENCY, "agency_name", "", "agency_name is blank"),
        ("agencies", AGENCY, "valid_from", "1st April", "valid_from '1st April' is not a date"),
        ("agency_places", SERVES, "weight", "abc", "weight 'abc' is not a share between 0 and 1"),
        ("agency_places", SERVES, "weight", "-0.5", "weight '-0.5' is not a share between 0 and 1"),
        ("agency_places", SERVES, "financial_year", "2024-26", "financial_year '2024-26' is not a financial year"),
        ("transfer_rules", RULE, "pattern", "(unclosed[", "pattern '(unclosed[' is not a regular expression"),
        ("transfer_rules", RULE, "pattern", "a(?=b)", "pattern 'a(?=b)' is not a regular expression"),
        ("transfer_rules", RULE, "field", "colour", "field 'colour' is not one of"),
        ("service_rules", SERVICE_RULE, "words", "(unclosed[", "words '(unclosed[' is not a regular expression"),
        ("service_rules", SERVICE_RULE, "field", "department;colour", "field 'department;colour' is not of"),
        ("service_rules", SERVICE_RULE, "agency_type", "la_upper;la_middle", "agency_type 'la_upper;la_middle' is not of"),
        ("service_rules", SERVICE_RULE, "rule_kind", "guess", "rule_kind 'guess' is not category or keyword"),
        ("service_rules", SERVICE_RULE, "service_code", "4.5", "service_code '4.5' is not a COFOG code"),
        ("service_rules", SERVICE_RULE, "valid_to_year", "2024", "valid_to_year '2024' is not a financial year"),
        ("purchase_rules", PURCHASE_RULE, "words", "(unclosed[", "words '(unclosed[' is not a regular expression"),
        ("purchase_rules", PURCHASE_RULE, "field", "programme", "field 'programme' is not of"),
        (
            "purchase_rules",
            PURCHASE_RULE,
            "purchase_category",
            "Fleet/Fuel",
            "purchase_category 'Fleet/Fuel' is not a purchase category",
        ),
        ("purchase_rules", PURCHASE_RULE, "grade", "D", "grade 'D' is not A, B or C"),
        ("header_synonyms", SYNONYM, "field", "colour", "field 'colour' is not a field of spend: one of amount_gbp, payment_date"),
        ("header_synonyms", SYNONYM, "kind", "colours", "kind 'colours' is not one of"),
        ("files", {"file": "a/b.csv"}, "published_as_at", "soon", "published_as_at 'soon' is not a date"),
        ("rates", {"rate_name": "x", "value": "0.1"}, "value", "ten", "value 'ten' is not a number"),
        ("layer_overrides", OVERRIDE, "layer", "commitments", "layer 'commitments' is not one of accounts, budget, transactions"),
        ("layer_overrides", OVERRIDE, "kind", "grants", "kind 'grants' is not one of"),
        ("layer_overrides", OVERRIDE, "kind", "spend", "a return of kind 'spend' is of the layer transactions, not accounts"),
        ("layer_overrides", OVERRIDE, "layer", "", "layer and kind are both blank"),
        ("calendar", DUE, "kind", "colours", "kind 'colours' is not one of"),
        ("calendar", DUE, "frequency", "monthly", "frequency 'monthly' is not one of month, quarter, financial_year"),
        ("calendar", DUE, "due_days", "soon", "due_days 'soon' is not a whole number of days"),
        ("calendar", DUE, "due_days", "-1", "due_days '-1' is not a whole number of days"),
        ("calendar", DUE, "source", "", "source is blank"),
        ("calendar", DUE, "agency_slug", "a", "agency_type and agency_slug are both filled"),
        ("layer_overrides", OVERRIDE, "reason", "", "reason is blank"),
        ("layer_overrides", OVERRIDE, "financial_year", "2024", "financial_year '2024' is not a financial year"),
        ("transfer_amounts", AMOUNT, "amount_gbp", "ten", "amount_gbp 'ten' is not a number"),
        ("transfer_rules", RULE, "needs_kind", "spend", "needs_kind 'spend' is not procurement_card"),
        ("personal_data", POLICY, "action", "blur", "action 'blur' is not drop or hash"),
        ("personal_data", POLICY, "reason", "", "reason is blank"),
        ("personal_data", POLICY, "kind", "gossip", "kind 'gossip' is not one of"),
        ("personal_data", POLICY, "field", "amount_gbp", "field 'amount_gbp' of spend cannot be withheld"),
        ("personal_data", POLICY, "field", "payment_date", "field 'payment_date' of spend cannot be withheld"),
        ("personal_data", POLICY, "field", "agency_name", "field 'agency_name' of spend cannot be withheld"),
    ],
)
def test_a_bad_row_is_named_and_left_out(name: str, good: dict[str, str], column: str, bad: str, words: str) -> None:
    assert usable_rows(name, [good]) == ([good], [])
    used, faults = usable_rows(name, [good, good | {column: bad}])
    assert used == [good]
    assert [(f.file_name, f.row_number) for f in faults] == [(f"registry/{name}.csv", 3)]
    assert faults[0].words.startswith(words)
    assert faults[0].line == f"registry/{name}.csv row 3 is not in force: {faults[0].words}"
    if bad not in CODES:
        assert f"'{bad}'" not in faults[0].publishable, "a release quotes no cell"


def test_weights_over_one_are_not_used_at_all() -> None:
    rows = [
        SERVES | {"weight": "0.7"},
        SERVES | {"place_code": "E06000008", "weight": "0.9"},
        SERVES | {"agency_slug": "b", "weight": "1"},
    ]
    used, faults = usable_rows("agency_places", rows)
    assert [row["agency_slug"] for row in used] == ["b"]
    assert "sum to 1.6, which is more than 1" in faults[0].words


def test_an_agency_and_year_overridden_twice_is_not_overridden() -> None:
    rows = [OVERRIDE, OVERRIDE | {"layer": "transactions"}, OVERRIDE | {"financial_year": "2023-24"}]
    used, faults = usable_rows("layer_overrides", rows)
    assert used == rows[2:]
    assert [fault.words for fault in faults] == ["a 2024-25 is overridden 2 times; keep one row, none of them is used"]


def test_weights_of_a_year_stand_beside_those_of_every_year() -> None:
    """0.7 for every year and 0.6 of another place in one year would hand out 1.3; 0.6 of the same place takes its turn."""
    every = SERVES | {"weight": "0.7"}
    elsewhere = SERVES | {"place_code": "E06000008", "financial_year": "2024-25", "weight": "0.6"}
    used, faults = usable_rows("agency_places", [every, elsewhere])
    assert used == [every]
    assert "the weights of a 2024-25 sum to 1.3" in faults[0].words
    same = SERVES | {"financial_year": "2024-25", "weight": "0.6"}
    assert usable_rows("agency_places", [every, same]) == ([every, same], [])


@pytest.mark.parametrize("name", ["agency_places", "areas"])
def test_a_link_to_no_known_place_is_named(name: str, tmp_path: Path) -> None:
    """A county or an area is no place: such a row would count nothing, silently. A place of the folder's own is one."""
    (tmp_path / "places.csv").write_text("place_code,place_name\nX1,Own place\n")
    rows = "agency_slug,area_code,place_code\n" + "".join(
        f"kent-county-council,A,{code}\n" for code in ("E07000120", "X1", "E10000017", "UNALLOCATED")
    )
    (tmp_path / f"{name}.csv").write_text(rows)
    registry = load_registry(tmp_path)
    assert [row["place_code"] for row in registry.extension[name]] == ["E07000120", "X1", "UNALLOCATED"]
    assert [(fault.file_name, fault.row_number) for fault in registry.faults] == [(f"registry/{name}.csv", 4)]
    assert "'E10000017' is no place that is known" in registry.faults[0].words


@pytest.mark.parametrize("name", sorted(OF_AGENCIES - {"personal_data"}))
def test_a_row_about_an_agency_that_nobody_has_is_named(name: str, tmp_path: Path) -> None:
    """It would do nothing, silently. An agency of the folder's own is known; a blank slug is about everybody."""
    good = {
        "agency_places": SERVES, "transfer_rules": RULE, "transfer_amounts": AMOUNT, "layer_overrides": OVERRIDE,
        "service_rules": SERVICE_RULE | {"agency_type": ""}, "purchase_rules": PURCHASE_RULE,
    }[name]  # fmt: skip
    slugs = ["kent-county-council", "new-council", "kent-county-counci"] + ([] if "agency_slug" in good else [""])
    rows = [good | {"agency_slug": slug} for slug in slugs]
    _write(tmp_path / "agencies.csv", [AGENCY])
    _write(tmp_path / f"{name}.csv", rows)
    registry = load_registry(tmp_path)
    assert [row["agency_slug"] for row in registry.extension[name]] == [slug for slug in slugs if slug != "kent-county-counci"]
    (fault,) = registry.faults
    assert (fault.file_name, fault.row_number) == (f"registry/{name}.csv", 4)
    assert fault.words.startswith("agency_slug 'kent-county-counci' is no agency that is known (kent-county-council is); mend it")


def test_a_policy_about_an_agency_that_nobody_has_stops(tmp_path: Path) -> None:
    """Fail closed: with a letter missing it would withhold nothing. A publisher that reports for others is known."""
    for slug in ("kent-county-council", "mhclg-revenue-outturn", "new-council"):
        _write(tmp_path / "personal_data.csv", [POLICY | {"agency_slug": slug}])
        _write(tmp_path / "agencies.csv", [AGENCY])
        refuse_faulty_policy(tmp_path)
        assert load_registry(tmp_path).extension["personal_data"][0]["agency_slug"] == slug
    _write(tmp_path / "personal_data.csv", [POLICY | {"agency_slug": ""}, POLICY | {"agency_slug": "kent-county-counci"}])
    for load in (load_registry, refuse_faulty_policy):
        with pytest.raises(RegistryError, match=r"row 3 is not in force: agency_slug 'kent-county-counci' .*nothing is read until"):
            load(tmp_path)
    _write(tmp_path / "personal_data.csv", [POLICY | {"agency_slug": "new-council"}])
    _write(tmp_path / "agencies.csv", [AGENCY | {"valid_from": "2024-13-01"}])
    why = r"registry/agencies\.csv row 2 is not in force: valid_from '2024-13-01' is not a date"
    for load in (load_registry, refuse_faulty_policy):  # the row that would add it says why it does not
        with pytest.raises(RegistryError, match=why):
            load(tmp_path)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_loading_a_folder_keeps_the_good_rows(tmp_path: Path) -> None:
    _write(tmp_path / "agencies.csv", [AGENCY, AGENCY | {"agency_slug": "other", "agency_type": "x"}])
    registry = load_registry(tmp_path)
    assert "new-council" in registry.agencies
    assert "other" not in registry.agencies
    assert [fault.row_number for fault in registry.faults] == [3]


@pytest.mark.parametrize(("field", "reason"), [("payee_nmae", "carers"), ("amount_gbp", "carers"), ("payee_name", "")])
def test_a_policy_with_a_row_that_cannot_be_used_stops(field: str, reason: str, tmp_path: Path) -> None:
    """Fail closed: to go on without the row would keep the names that it asks to withhold."""
    rows = f"spend,description,drop,names\nspend,{field},hash,{reason}\n"
    (tmp_path / "personal_data.csv").write_text(f"kind,field,action,reason\n{rows}")
    with pytest.raises(RegistryError, match=r"registry/personal_data\.csv row 3 is not in force: .*nothing is read until"):
        load_registry(tmp_path)


def test_a_service_that_is_not_listed_is_named() -> None:
    used, faults = usable_rows(
        "service_rules", [SERVICE_RULE, SERVICE_RULE | {"service_code": "07.9"}], services=frozenset(("08.1",))
    )
    assert used == [SERVICE_RULE]
    assert [fault.words for fault in faults] == ["service_code '07.9' is not a code of the list of services"]


def test_a_purchase_category_that_is_not_listed_is_named() -> None:
    rows = [PURCHASE_RULE, PURCHASE_RULE | {"purchase_category": "fleet.boats"}]
    used, faults = usable_rows("purchase_rules", rows, purchases=frozenset(("supplies.materials",)))
    assert used == [PURCHASE_RULE]
    assert [fault.words for fault in faults] == ["purchase_category 'fleet.boats' is not a code of the list of purchase categories"]


def test_the_labels_of_a_category_are_no_pattern() -> None:
    row = SERVICE_RULE | {"rule_kind": "category", "words": "Parks (north|Parks [south"}
    assert usable_rows("service_rules", [row]) == ([row], [])


def test_a_file_whose_name_is_a_slip_is_said_and_a_policy_by_such_a_name_stops_all(tmp_path: Path) -> None:
    (tmp_path / "agency.csv").write_text("agency_slug,agency_name,agency_type\nkent,Kent,la_county\n")
    (tmp_path / "notes.csv").write_text("whatever\n")
    no_table = "is not read: no table of the registry has that name;"
    (fault, other) = load_registry(tmp_path).faults
    assert fault.line == f"registry/agency.csv {no_table} name it agencies.csv"
    assert other.line.startswith(f"registry/notes.csv {no_table} the files of a registry are agencies, ")
    (tmp_path / "personal-data.csv").write_text("publisher_slug,kind,field,action,reason\n")
    with pytest.raises(RegistryError, match=f"registry/personal-data.csv {no_table} name it personal_data.csv; nothing is read"):
        load_registry(tmp_path)
    with pytest.raises(RegistryError, match="personal-data"):
        refuse_faulty_policy(tmp_path)
