"""The CSV files of a registry: where they lie, which columns they have, and reading their rows as text.

Belongs here: that. Must not: know what a row means, or which rows are in force (that is `loading`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]
SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
HERE = Path(__file__).resolve().parent
POLICY = "personal_data"

EXTENSION_COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "agencies": "agency_slug agency_name agency_type identifier_scheme identifier aliases default_service_code date_order"
        " valid_from valid_to",
        "agency_places": "agency_slug place_code financial_year weight driver driver_vintage",
        "areas": "area_code area_name place_code valid_from valid_to",
        "places": "place_code place_name place_type county_name region_name valid_from valid_to",
        "populations": "place_code vintage reference_year population_count source",
        "files": "file period published_as_at",
        "endpoints": "agency_slug kind url frequency valid_from valid_to",
        "header_synonyms": "kind agency_slug header field valid_from valid_to",
        "transfer_rules": "agency_slug field pattern transfer_kind counterparty_agency grade needs_kind rule_id",
        "transfer_amounts": "rule_id agency_slug financial_year amount_gbp counterparty_agency grade reason",
        "layer_overrides": "agency_slug financial_year layer kind reason",
        "themes": "theme_scheme theme_code theme_name is_partition",
        "service_rules": "rule_kind agency_type agency_slug field words service_code valid_from_year valid_to_year reason",
        "purchase_rules": "rule_kind agency_type agency_slug field words purchase_category grade valid_from_year"
        " valid_to_year reason",
        "service_themes": "theme_scheme service_code theme_code weight reason",
        "rates": "rate_name value source",
        "personal_data": "agency_slug kind field action reason",
        "supplier_links": "name_a name_b decision reason",
        "calendar": "kind agency_type agency_slug frequency due_days grace_days valid_from valid_to source",
        "duplicate_reviews": "group_id status reviewer reason reviewed_on",
    }.items()
}


class RegistryError(ValueError):
    """A registry file cannot be used. The message says which file, which row, what to do."""


def read_rows(path: Path, required: Iterable[str] = ()) -> list[Row]:
    """The rows of a registry CSV as text, blank cells "".

    Raises RegistryError when the file cannot be read, is not UTF-8 text or lacks a required column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
            names = reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegistryError(f"{path.name}: cannot be read ({error}); save it as CSV in UTF-8") from error
    except OSError as error:
        raise RegistryError(f"{path.name}: cannot be read ({error.strerror}); let it be read by who runs this") from error
    missing = [name for name in required if name not in names]
    if missing:
        raise RegistryError(f"{path.name}: column {', '.join(missing)} is missing; it has {', '.join(names) or 'no columns'}")
    return rows
