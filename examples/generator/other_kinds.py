"""A small return of every kind that is neither ledger nor count: card payments, awards, and the hand-filled templates.

Belongs here: a line or three of each, so that every kind is seen in a release. Must not be here: money that would move the
golden count - card payments and awards of the council stand beside its accounts, and the other kinds add to none.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from examples.generator.places import COUNCIL, EXAMPLESHIRE, FIRE, ICB, JOBCENTRE, POLICE, TRUST
from examples.generator.records import ExampleFile, Record, csv_file

YEAR = "2024-25"
_CARD = "Transaction Date,Merchant Name,MCC,Merchant Category,Directorate,Net Amount".split(",")
_CARD_LINES = [
    ("03/06/2024", "Exampleton Stationers Ltd (synthetic)", "5111", "Stationery", "Resources", "48.20"),
    ("12/06/2024", "Exampleton Stationers Ltd (synthetic)", "5111", "Stationery", "Resources", "-8.20"),
    ("19/06/2024", "Exampleshire Trains (synthetic)", "4112", "Railways", "Children", "112.60"),
]
_GRANT = (
    "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Recipient Org:Identifier,Recipient Org:Name,"
    "Funding Org:Identifier,Funding Org:Name"
).split(",")
_FUNDER = ("EX-COUNCIL", "Exampleshire Council (synthetic)")
_GRANT_LINES = [
    ("EX-G1", "Community hall", "Roof repairs", "GBP", "12500.00", "2024-06-03", "EX-1", "Hall Trust (synthetic)", *_FUNDER),
    ("EX-G2", "Advice", "Debt advice", "GBP", "30000.00", "2024-09-02", "EX-2", "Advice Centre (synthetic)", *_FUNDER),
    ("EX-G3", "Youth club", "A second evening", "GBP", "7500.50", "2025-01-15", "EX-3", "Youth Club (synthetic)", *_FUNDER),
]
_SOURCE = "synthetic"
_SHARED = "respondent_agency,place_code,financial_year,{}_type,theme_code,counterpart_agency,{},level,owner,status,raised_date"
_TEMPLATES: dict[str, tuple[str, str, list[tuple[str, ...]]]] = {
    # kind: (publisher, columns, lines)
    "funding": (
        ICB,
        "payer_agency,payee_agency,financial_year,funding_route,funding_stream,is_ringfenced,amount_gbp,source",
        [(ICB, COUNCIL, YEAR, "pooled", "Better Care Fund", "true", "20000000.00", _SOURCE)],
    ),
    "benefits": (
        JOBCENTRE,
        "agency_slug,benefit_code,benefit_name,place_code,financial_year,amount_gbp,source",
        [
            (JOBCENTRE, "UC", "Universal Credit", EXAMPLESHIRE, YEAR, "95000000.00", _SOURCE),
            (JOBCENTRE, "HB", "Housing Benefit", EXAMPLESHIRE, YEAR, "25000000.00", _SOURCE),
        ],
    ),
    "culture_barriers": (
        COUNCIL,
        _SHARED.format("barrier", "severity"),
        [
            (COUNCIL, EXAMPLESHIRE, YEAR, "data_sharing_perceived", "worklessness_skills", JOBCENTRE, "4", "central",
             "Place board", "raised", "2024-06-03"),
            (POLICE, EXAMPLESHIRE, YEAR, "planning_cycle", "crime_safety", "", "3", "local", "", "accepted", "2024-09-02"),
        ],
    ),
    "culture_enablers": (
        COUNCIL,
        _SHARED.format("enabler", "effect"),
        [(COUNCIL, EXAMPLESHIRE, YEAR, "co-location", "families_children", TRUST, "4", "local", "Place board",
          "accepted", "2024-06-03")],
    ),
    "joint_arrangements": (
        COUNCIL,
        "arrangement_id,place_code,financial_year,arrangement_kind,host_agency,party_agencies,theme_code,amount_gbp,"
        "start_date,end_date",
        [
            ("JA1", EXAMPLESHIRE, YEAR, "s75_pooled", COUNCIL, f"{COUNCIL};{ICB}", "older_people", "20000000.00", "2024-04-01", ""),
            ("JA2", EXAMPLESHIRE, YEAR, "co_location", "", f"{COUNCIL};{FIRE};{POLICE}", "", "", "2023-04-01", ""),
        ],
    ),
    "governance_bodies": (
        COUNCIL,
        "body_id,place_code,body_name,member_agencies,third_sector_seats,decides_money,start_date,end_date",
        [("GB1", EXAMPLESHIRE, "Place board (synthetic)", f"{COUNCIL};{ICB};{POLICE}", "2", "true", "2024-04-01", "")],
    ),
    "asks": (
        COUNCIL,
        "ask_id,place_code,asking_agency,asked_agency,ask,status,asked_date,answered_date",
        [("A1", EXAMPLESHIRE, COUNCIL, JOBCENTRE, "Share claimant counts by ward", "agreed", "2024-06-03", "2024-09-02")],
    ),
    "outcomes": (
        COUNCIL,
        "place_code,financial_year,indicator_code,indicator_name,theme_code,value,unit,better,source",
        [(EXAMPLESHIRE, YEAR, "NEET1617", "16 and 17 year olds not in education", "worklessness_skills", "5.2", "per cent", "lower",
          _SOURCE)],
    ),
    "invest_to_save": (
        COUNCIL,
        "proposal_id,place_code,title,theme_code,investing_agency,benefiting_agency,financial_year,cost_gbp,benefit_gbp,"
        "cashable_share,evidence",
        [("P1", EXAMPLESHIRE, "Supported employment", "worklessness_skills", COUNCIL, JOBCENTRE, YEAR, "75000.00", "180000.00",
          "0.4", _SOURCE)],
    ),
}  # fmt: skip


def other_kind_files() -> list[ExampleFile]:
    """One file of each kind, in the folder of whoever publishes it."""
    files = [
        _file(f"{COUNCIL}/procurement_card/June 2024.csv", _CARD, _CARD_LINES, "Net Amount"),
        _file(f"{COUNCIL}/grants/grants-{YEAR}.csv", _GRANT, _GRANT_LINES, "Amount Awarded"),
    ]
    for kind, (publisher, columns, lines) in _TEMPLATES.items():
        files.append(_file(f"{publisher}/{kind}/{YEAR}.csv", columns.split(","), lines, "amount_gbp"))
    return files


def _file(path: str, columns: Sequence[str], lines: Sequence[tuple[str, ...]], amount: str) -> ExampleFile:
    at = columns.index(amount) if amount in columns else None
    records = [Record(line, amount=Decimal(line[at] or 0) if at is not None else Decimal(0)) for line in lines]
    return csv_file(path, [Record(tuple(columns), "excluded"), *records], line_end="\n")
