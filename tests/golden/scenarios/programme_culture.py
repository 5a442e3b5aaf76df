"""Culture as returns (money.md, section 8): barriers, enablers, joint arrangements, boards and asks of three places.

ASKED: three local bodies and three central ones answered. FEW: three and two, so that the gap is suppressed. BOARDS: boards and
asks alone. Spend of ASKED: older people £40m, crime £10m, families £50m.
"""

from __future__ import annotations

from .folder import ReturnsFolder
from .programme import count, place

ASKED, FEW, BOARDS = "X98700021", "X98700022", "X98700023"
YEAR = "2024-25"
BARRIERS = (
    "respondent_agency place_code financial_year barrier_type theme_code counterpart_agency severity level owner status"
    " raised_date resolved_date evidence_url"
).split()
ENABLERS = [{"barrier_type": "enabler_type", "severity": "effect"}.get(name, name) for name in BARRIERS]
ARRANGEMENTS = (
    "arrangement_id place_code financial_year arrangement_kind host_agency party_agencies theme_code amount_gbp start_date end_date"
).split()
BODIES = "body_id place_code body_name member_agencies third_sector_seats decides_money start_date end_date".split()
ASKS = "ask_id place_code asking_agency asked_agency ask status asked_date answered_date".split()
LOCAL = (("council", "la_unitary"), ("police", "police"), ("icb", "nhs_commissioner"))
CENTRAL = (("benefits", "dwp"), ("ministry", "central_department"), ("agency", "arms_length_body"))


def add(folder: ReturnsFolder) -> None:
    """Write the registry rows and returns of the three places."""
    for code, name, central in ((ASKED, "asked", CENTRAL), (FEW, "few", CENTRAL[:2])):
        place(folder, code, *((f"prog-{name}-{body}", kind) for body, kind in (*LOCAL, *central, ("fire", "fire"))))
    place(folder, BOARDS, ("prog-boards-council", "la_unitary"))
    count(
        folder, "prog-asked-council", ASKED,
        {"service_code": "10.2", "amount_gbp": "40000000.00"}, {"service_code": "03.1", "amount_gbp": "10000000.00"},
        {"service_code": "09.1", "amount_gbp": "50000000.00"},
    )  # fmt: skip
    _barriers(folder)
    _enablers(folder)
    _arrangements(folder)
    _boards_and_asks(folder)


def _barriers(folder: ReturnsFolder) -> None:
    """ASKED: boundary by two local bodies (lifted after 10 and 30 days), trust by all six (one declined, one with an owner)."""
    reports = [
        ("asked-council", "boundary", "older_people", "5", "lifted", "2024-05-01", "2024-05-11", "Place board"),
        ("asked-council", "boundary", "crime_safety", "4", "lifted", "2024-05-01", "2024-05-31", ""),
        ("asked-police", "boundary", "older_people", "3", "raised", "2024-06-01", "", ""),
        ("asked-council", "trust", "older_people", "2", "declined", "2024-05-01", "2024-06-01", "Place board"),
        *((f"asked-{body}", "trust", "older_people", "4", "raised", "2024-05-01", "", "") for body, _ in (*LOCAL[1:], *CENTRAL)),
        *((f"few-{body}", "trust", "", "3", "raised", "2024-05-01", "", "") for body, _ in (*LOCAL, *CENTRAL[:2])),
    ]
    for slug in dict.fromkeys(report[0] for report in reports):
        rows = [
            {
                "respondent_agency": f"prog-{slug}", "place_code": ASKED if slug.startswith("asked") else FEW,
                "financial_year": YEAR, "barrier_type": barrier, "theme_code": theme, "severity": severity, "status": status,
                "raised_date": raised,
                "resolved_date": resolved, "owner": owner,
            }
            for respondent, barrier, theme, severity, status, raised, resolved, owner in reports if respondent == slug
        ]  # fmt: skip
        folder.file(f"prog-{slug}/culture_barriers/{YEAR}.csv", BARRIERS, rows)


def _enablers(folder: ReturnsFolder) -> None:
    base = {
        "place_code": ASKED,
        "financial_year": YEAR,
        "status": "lifted",
        "raised_date": "2024-05-01",
        "resolved_date": "2024-05-15",
    }
    rows = [
        base | {"respondent_agency": "prog-asked-council", "enabler_type": kind, "effect": "4"} for kind in ("Co-location", "tea")
    ]
    folder.file(f"prog-asked-council/culture_enablers/{YEAR}.csv", ENABLERS, rows)


def _arrangements(folder: ReturnsFolder) -> None:
    """A pooled fund of £8m that host and party both report, a joint post without money, a shared service that pools nothing."""
    parties = "prog-asked-council;prog-asked-icb"
    base = {"place_code": ASKED, "financial_year": YEAR, "party_agencies": parties, "theme_code": "older_people"}
    pooled = base | {"arrangement_id": "JA1", "arrangement_kind": "s75_pooled", "amount_gbp": "8000000.00"}
    host = {"host_agency": "prog-asked-council"}
    folder.file(f"prog-asked-council/joint_arrangements/{YEAR}.csv", ARRANGEMENTS, [
        pooled | host,
        base | host | {"arrangement_id": "JA2", "arrangement_kind": "joint_post"},
        base | host | {"arrangement_id": "JA3", "arrangement_kind": "shared_service", "amount_gbp": "1000000.00"},
        base | host | {"arrangement_id": "JA4", "arrangement_kind": "s256", "amount_gbp": "2000000.00", "theme_code": ""},
    ])  # fmt: skip
    twice = pooled | {
        "arrangement_id": "77",
        "party_agencies": "prog-asked-icb; prog-asked-council",
        "host_agency": "prog-asked-icb",
    }
    folder.file(f"prog-asked-icb/joint_arrangements/{YEAR}.csv", ARRANGEMENTS, [twice])


def _boards_and_asks(folder: ReturnsFolder) -> None:
    council = "prog-boards-council"
    board = {"place_code": BOARDS, "member_agencies": council, "decides_money": "true", "start_date": "2024-04-01"}
    folder.file(f"{council}/governance_bodies/{YEAR}.csv", BODIES, [
        board | {"body_id": "GB1", "body_name": "Health board", "third_sector_seats": "2"},
        board | {"body_id": "GB2", "body_name": "Mr Bookbinder's group", "third_sector_seats": "0", "decides_money": "false"},
        board | {"body_id": "GB3", "body_name": "Skills board"},
    ])  # fmt: skip
    ask = {
        "place_code": BOARDS,
        "asking_agency": council,
        "asked_agency": "prog-asked-benefits",
        "ask": "Share counts",
        "status": "open",
    }
    folder.file(f"{council}/asks/{YEAR}.csv", ASKS, [
        ask | {"ask_id": "A1", "asked_date": "2024-06-01", "answered_date": "2024-06-11"},
        ask | {"ask_id": "A2", "asked_date": "2024-06-01", "answered_date": "2024-07-01"},
        ask | {"ask_id": "A3", "asked_date": "2024-06-01"},
    ])  # fmt: skip
