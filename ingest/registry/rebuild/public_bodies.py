"""Public bodies that a payment may go to, whether or not they make returns: councils, commissioners, trusts, government.

Contract: one row for each body of the published registers, with half-open dates and the agency it is, where it is one. A key names
one body at a time: a spelling that an agency or another body of the same time has is dropped. Names that are no public body, though
a register lists them, stand in `facts/not_public_bodies.csv`, with the day they left the public sector.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.geography import Geography, overlaps
from ingest.registry.rebuild.names import normalised_name
from ingest.registry.rebuild.tables import Seed, date_of, facts, read_csv, read_rows_without_header

COLUMNS = (
    "public_body_id public_body_name body_class identifier_scheme identifier aliases agency_slug successor_body_id valid_from"
    " valid_to source"
)
CCG_FORMED = "2013-04-01"


@dataclass
class Body:
    """One body of a register; `also` are other identifiers, `successor` the id of the body that took over all of it."""

    scheme: str
    identifier: str
    name: str
    body_class: str
    source: str
    valid_from: str = ""
    valid_to: str = ""
    aliases: list[str] = field(default_factory=list[str])
    also: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    agency_slug: str = ""
    successor: str = ""

    @property
    def body_id(self) -> str:
        return f"{self.scheme}:{self.identifier}"

    @property
    def keys(self) -> set[str]:
        return {normalised_name(name) for name in (self.name, *self.aliases)}


def day_after(text: str) -> str:
    """The first day without a body, from the last day, month or year that a register prints. Blank stays blank."""
    if len(text) == 4:
        return f"{int(text) + 1}-01-01"
    if len(text) == 7:
        year, month = map(int, text.split("-"))
        return f"{year + month // 12}-{month % 12 + 1:02d}-01"
    if not text:
        return ""
    return str(date.fromisoformat(text[:10]) + timedelta(days=1))


def _first_day(text: str) -> str:
    return {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text[:10])


def _local_authorities(reference: Path) -> list[Body]:
    """English and Welsh principal councils. The bare name ("Lancaster") is no spelling: people and firms have it too."""
    gss = {row["org_id"]: row["gss_code"] for row in read_csv(reference / "reference_geography" / "drkane__la_orgid_to_gss.csv")}
    bodies: list[Body] = []
    for register, scheme in (("local-authority-eng", "lae"), ("principal-local-authority", "pla")):
        for row in read_csv(reference / "reference_orgs" / f"govuk-registers__{register}.csv"):
            code = row[register]
            known = gss.get(f"GB-LAE-{code}", "")
            bodies.append(
                Body(
                    scheme, code, row["official-name"], "local_authority", f"GOV.UK register {register}",
                    _first_day(row["start-date"]), day_after(row["end-date"]), also=[("gss", known)] if known else [],
                )
            )  # fmt: skip
    return bodies


def _ods_day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else ""


def _commissioners(reference: Path) -> list[Body]:
    """Integrated care boards, their sub-locations, and the clinical commissioning groups before them."""
    folder, first_day = reference / "nhs_reference", date_of("integrated_care_boards")
    bodies: list[Body] = []
    for row in read_csv(folder / "ons__icb_names_codes_dec_2024.csv"):
        source, also = "ONS ICB names and codes", [("gss", row["ICB24CD"])]
        bodies.append(Body("ods", row["ICB24CDH"], row["ICB24NM"], "nhs_commissioner", source, first_day, also=also))
    boards = {body.identifier for body in bodies}
    for row in read_rows_without_header(folder / "nhs-ods__eccg.csv"):
        code, name, board, opened, closed = row[0], row[1], row[3], _ods_day(row[10]), _ods_day(row[11])
        if name.endswith(" CCG"):
            bodies.append(
                _group("ods", code, name, opened, day_after(closed), f"ods:{board}" if board in boards else "", "NHS ODS")
            )
        elif name.endswith(f" ICB - {code}"):
            # A location of a board is the board: what is paid to it is paid to the board.
            bodies.append(Body("ods", code, name, "nhs_commissioner", "NHS ODS", first_day, also=[("ods", board)]))
    known = {key for body in bodies for key in body.keys}
    sheet = CalamineWorkbook.from_path(str(folder / "nhsspend-project__ccg_list.xls")).get_sheet_by_index(0)
    for name, code, *_ in sheet.to_python()[1:]:
        if normalised_name(str(name)) not in known:
            bodies.append(_group("gss", str(code), str(name).strip(), CCG_FORMED, first_day, "", "ONS CCG names of April 2019"))
    return bodies


def _group(scheme: str, code: str, name: str, opened: str, closed: str, board: str, source: str) -> Body:
    stem = re.sub(r"^NHS\s+|\s+CCG$", "", name)
    aliases = [f"{stem} CCG", f"NHS {stem} Clinical Commissioning Group", f"{stem} Clinical Commissioning Group"]
    return Body(scheme, code, name, "nhs_commissioner", source, opened, closed, aliases, successor=board)


def _trusts(reference: Path) -> list[Body]:
    bodies: list[Body] = []
    for row in read_rows_without_header(reference / "nhs_reference" / "nhs-ods__etr.csv"):
        name = row[1]
        short = name.replace("NHS FOUNDATION TRUST", "NHS FT").replace("NHS TRUST", "NHST")
        bodies.append(
            Body("ods", row[0], name, "nhs_provider", "NHS ODS", _ods_day(row[10]), day_after(_ods_day(row[11])), [short])
        )
    return bodies


def _government(reference: Path) -> list[Body]:
    return [
        Body(
            "govuk", row["government-organisation"], row["name"], "government", "GOV.UK register government-organisation",
            _first_day(row["start-date"]), day_after(row["end-date"]),
        )
        for row in read_csv(reference / "reference_orgs" / "govuk-registers__government-organisation.csv")
    ]  # fmt: skip


def _still_public(bodies: list[Body]) -> list[Body]:
    """Bodies without those that `facts/not_public_bodies.csv` names; one that was public once ends on the day it says."""
    left = {normalised_name(row["name"]): row["valid_to"] for row in facts("not_public_bodies", "name valid_to reason")}
    for body in bodies:
        body.valid_to = left.get(normalised_name(body.name), body.valid_to)
    return [body for body in bodies if body.valid_to != "never"]


def _link(bodies: list[Body], agencies: list[Agency]) -> None:
    """Give each body the agency it is, and the days both know of it: by identifier, else by a name of the same time."""
    by_identifier = {pair: agency for agency in agencies for pair in agency.identifiers}
    by_name: dict[str, list[Agency]] = {}
    for agency in agencies:
        for key in {normalised_name(name) for name in (agency.name, *agency.aliases)}:
            by_name.setdefault(key, []).append(agency)
    for body in bodies:
        pairs = [(body.scheme, body.identifier), *body.also]
        found = next((by_identifier[pair] for pair in pairs if pair in by_identifier), None)
        named = by_name.get(normalised_name(body.name), [])
        match = found or next((a for a in named if overlaps(a.valid_from, a.valid_to, body.valid_from, body.valid_to)), None)
        if match:
            body.agency_slug = match.slug
            body.valid_from = max(body.valid_from, match.valid_from)
            body.valid_to = min(filter(None, (body.valid_to, match.valid_to)), default="")


def _council_successors(bodies: list[Body], geography: Geography) -> None:
    """A council whose whole area one council took over is followed by it."""
    by_gss = {value: body for body in bodies for scheme, value in body.also if scheme == "gss"}
    for code, body in by_gss.items():
        followers = {by_gss[new].body_id for new in geography.successors(code)[1:] if code in geography.places and new in by_gss}
        followers.discard(body.body_id)
        if body.valid_to and len(followers) == 1:
            body.successor = followers.pop()


def _settle(bodies: list[Body], agencies: list[Agency]) -> list[Body]:
    """Drop spellings that an agency that is not the body, or an earlier body of the same time, has; and bodies left nameless."""
    claims: dict[str, list[tuple[str, str, str]]] = {}
    for agency in agencies:
        for key in {normalised_name(name) for name in (agency.name, *agency.aliases)}:
            claims.setdefault(key, []).append((agency.slug, agency.valid_from, agency.valid_to))
    kept: list[Body] = []
    for body in bodies:
        owner = body.agency_slug or body.body_id
        free = [
            name
            for name in dict.fromkeys((body.name, *body.aliases))
            if not any(
                other != owner and overlaps(start, end, body.valid_from, body.valid_to)
                for other, start, end in claims.get(normalised_name(name), ())
            )
        ]
        if not free:
            continue
        body.name, body.aliases = free[0], free[1:]
        for key in body.keys:
            claims.setdefault(key, []).append((owner, body.valid_from, body.valid_to))
        kept.append(body)
    return kept


def public_body_seed(geography: Geography, agencies: list[Agency], reference: Path) -> Seed:
    """Every public body of the registers. Raises ValueError for two rows of one id."""
    bodies = [*_local_authorities(reference), *_commissioners(reference), *_trusts(reference), *_government(reference)]
    bodies = _still_public(bodies)
    _link(bodies, agencies)
    _council_successors(bodies, geography)
    bodies = _settle(bodies, agencies)
    ids = [body.body_id for body in bodies]
    if len(set(ids)) != len(ids):
        raise ValueError(f"public bodies with one id: {sorted({i for i in ids if ids.count(i) > 1})}")
    rows = [
        (
            b.body_id, b.name, b.body_class, b.scheme, b.identifier, ";".join(b.aliases), b.agency_slug,
            b.successor if b.successor in ids else "", b.valid_from, b.valid_to, b.source,
        )
        for b in sorted(bodies, key=lambda body: body.body_id)
    ]  # fmt: skip
    return Seed("public_bodies", COLUMNS, rows)
