"""Invented payments to suppliers of several agencies, and the laws of supplier overlap and the saving bound: a query for each,
which must find no row.

Belongs here: rows and laws of what docs/supplier-overlap.md describes. Must not: build a warehouse (test_warehouse_laws does).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from warehouse_harness import Warehouse

YEAR = "2024-25"
PAYEES = (
    "Law Fuel Ltd", "LAW FUEL LIMITED", "Law Vans plc", "Law Care LLP", "Law Print Ltd", "Law Hospice Charity", "Mr B Lawless",
    "REDACTED", "Unknown", None,
)  # fmt: skip
MARTS = (
    "mart_supplier_overlap",
    "mart_supplier_overlap_payers",
    "mart_supplier_overlap_summary",
    "mart_supplier_overlap_excluded",
    "mart_joint_buying",
    "mart_saving_bound",
    "mart_duplication_overlap_agencies",
    "mart_third_sector_shared",
)
# law: (the table it is about, which must hold rows; a query that finds what breaks it)
LAWS = {
    "SN <= SS <= S, and the range lies above": (
        "mart_supplier_overlap_summary",
        "select * from mart_supplier_overlap_summary where not (0 <= non_lead_gbp and non_lead_gbp <= shared_gbp"
        " and shared_gbp <= supplier_spend_gbp and supplier_spend_gbp <= spend_gbp)"
        " or non_lead_rate > shared_rate or shared_rate_high < shared_rate or non_lead_rate_high > shared_rate_high"
        " or shared_rate_high > 1.0000001 or (not is_range and shared_rate_high <> shared_rate)",
    ),
    "S is its classes": (
        "mart_supplier_overlap_summary",
        "select * from mart_supplier_overlap_summary"
        " where spend_gbp <> supplier_spend_gbp + public_body_gbp + individual_gbp + unresolved_gbp"
        " union all by name select place_code, financial_year from mart_supplier_overlap_summary left join"
        " (select place_code, financial_year, sum(spend_gbp) as apart_gbp from mart_supplier_overlap_excluded group by all)"
        " using (place_code, financial_year) where coalesce(apart_gbp, 0) <> spend_gbp - supplier_spend_gbp",
    ),
    "one agency shares nothing": (
        "mart_supplier_overlap_summary",
        "select * from mart_supplier_overlap_summary where agency_count = 1 and (shared_gbp <> 0 or shared_supplier_count <> 0)"
        " union all by name select place_code, financial_year from mart_supplier_overlap where payer_count < 2",
    ),
    "a supplier is the sum of its payers, each of the threshold or more": (
        "mart_supplier_overlap",
        "select supplier_id from mart_supplier_overlap_payers where paid_everywhere_gbp < 500 or spend_gbp <= 0"
        " or spend_gbp > paid_everywhere_gbp union all"
        " select supplier_id from mart_supplier_overlap inner join (select place_code, financial_year, supplier_id,"
        " sum(spend_gbp) as paid_gbp, max(spend_gbp) as most_gbp, count(*) as payers_count from mart_supplier_overlap_payers"
        " group by all) using (place_code, financial_year, supplier_id)"
        " where shared_gbp <> paid_gbp or non_lead_gbp <> paid_gbp - most_gbp or payer_count <> payers_count",
    ),
    "nobody who is no supplier is shared": (
        "mart_supplier_overlap",
        "select supplier_id from mart_supplier_overlap where supplier_class not in ('company', 'charity', 'unclassified')",
    ),
    "an agency's undivided spend with a supplier is what its lines come to": (
        "mart_supplier_overlap_payers",
        "select payers.supplier_id from mart_supplier_overlap_payers as payers inner join (select agency_slug, financial_year,"
        " resolved_supplier_id, sum(amount_gbp) as lines_gbp from fct_flow where layer = 'transactions' and flow = 'outlay'"
        " and transfer_kind is null and counterparty_agency is null group by all) as lines"
        " on payers.supplier_id = lines.resolved_supplier_id and payers.financial_year = lines.financial_year"
        " and payers.agency_slug = lines.agency_slug where paid_everywhere_gbp <> lines_gbp",
    ),
    "bases are disjoint: together within the agency's spend, each within its measure": (
        "mart_saving_bound",
        "select agency_slug from mart_saving_bound where base_gbp < 0 or base_gbp > measured_gbp"
        " union all select agency_slug from mart_saving_bound group by place_code, financial_year, grade_scope, agency_slug"
        " having sum(base_gbp) > any_value(spend_gbp)",
    ),
    "without a rate there is no saving": (
        "mart_saving_bound",
        "select agency_slug from mart_saving_bound where saving_gbp is not null",
    ),
    "addressable is within overlap": (
        "mart_duplication_overlap_agencies",
        "select cell_code from mart_duplication_overlap where addressable_gbp > overlap_gbp"
        " union all select cell_code from mart_duplication_overlap_agencies where addressable_gbp > spend_gbp",
    ),
}


def add(warehouse: Warehouse, agencies: Sequence[str], shuffle: int | None) -> None:
    """Payments of these agencies to a few payees under several names, credits among them."""
    chance = random.Random(11)
    lines: list[dict[str, object]] = [
        {
            "flow_id": f"supplier-{number}",
            "agency_slug": chance.choice(agencies),
            "financial_year": YEAR,
            "payment_date": f"2024-{chance.randint(4, 12):02d}-{chance.randint(1, 28):02d}",
            "payee_name": chance.choice(PAYEES),
            "amount_gbp": Decimal(chance.randint(-30000, 90000)) / 100,
            "row_number": 1,
            "cell_ref": "A1",
        }
        for number in range(120)
    ]
    if shuffle is not None:
        random.Random(shuffle).shuffle(lines)
    warehouse.add("lake.spend", *lines)
