"""What is held, and letting it go: the life of quarantine (design: returns, rule 5).

Belongs here: the list of what is held with an id for each, turning an id into waivers, replaying. Plain decisions and files; the
command line prints, `checking` applies the waivers.

An id is a revision's id for a return held whole, `<revision>:<rule>` for the lines that one rule holds, `<revision>:<rule>:<row>`
(or `<sheet>/<row>`) for one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from expectations.catalogue import load_catalogue
from expectations.waivable import instead_of_waiver
from ingest.home import Home
from ingest.records import FileRecord, PartRecord
from ingest.revisions import decide_revisions
from ingest.rows import ZERO
from ingest.waivers import Waiver, all_waivers, waiver_id, write_waiver
from ingest.withdrawals import WITHDRAWN, restore
from orchestration.warehouse import current_records


class CannotRelease(ValueError):
    """The id names nothing that can be let go. The message is one line: why, and what to do instead."""


@dataclass(frozen=True)
class HeldItem:
    """A return held whole, or the lines of a return that one rule holds. `instead` is "" where a person may let it go."""

    item_id: str
    is_whole: bool
    return_id: str
    revision_id: str
    agency_slug: str | None
    file_name: str
    rule_ids: tuple[str, ...]
    line_count: int
    amount_gbp: Decimal | None  # None: no amount of it could be read, so its money is not known
    reason: str
    since: datetime
    owner: str
    instead: str
    waiver_ids: tuple[str, ...] = ()  # given, and not yet taken in


def standing_parts(home: Home) -> list[tuple[FileRecord, PartRecord]]:
    """Returns in service, and held ones that stand last: a held revision that a good one followed is no longer held up."""
    revisions = decide_revisions(current_records(home))
    last = {r.part.return_id: r.revision_number for r in revisions}
    return [
        (r.file, r.part)
        for r in revisions
        if r.status == "in_service" or (r.status == "held" and r.revision_number == last[r.part.return_id])
    ]


def held_items(home: Home, agency: str | None = None) -> list[HeldItem]:
    """Everything held, by file: whole returns, then lines by rule. `agency`: its own returns and those that hold lines of it."""
    given = [w for w in all_waivers(home) if w.is_in_force(None)]
    items: list[HeldItem] = []
    for file, part in standing_parts(home):
        if agency is not None and agency not in _agencies(file, part):
            continue
        if part.is_held:
            items.append(_whole(file, part, given))
        if WITHDRAWN not in part.held_by:
            items += _lines(home, file, part, given)
    return sorted(items, key=lambda item: (item.file_name, item.return_id, not item.is_whole, item.item_id))


def _agencies(file: FileRecord, part: PartRecord) -> set[str | None]:
    return {file.publisher_slug, part.agency_slug, *(entry["agency_slug"] for entry in part.ledger)}


def _pending(given: Sequence[Waiver], file: FileRecord, revision_id: str, rule_ids: Sequence[str]) -> tuple[str, ...]:
    """Waivers in force that the record was not yet made under."""
    return tuple(
        w.waiver_id for w in given
        if w.revision_id == revision_id and w.rule_id in rule_ids and w.waiver_id not in file.waivers
    )  # fmt: skip


def _whole(file: FileRecord, part: PartRecord, given: Sequence[Waiver]) -> HeldItem:
    rules = {rule.rule_id: rule for rule in load_catalogue()}
    owners = {rules[rule_id].owner for rule_id in part.held_by if rule_id in rules}
    if WITHDRAWN in part.held_by:
        instead = ""
    elif part.held_by:
        instead = "; ".join(dict.fromkeys(words for rule_id in part.held_by if (words := instead_of_waiver(rule_id))))
    else:
        instead = "it was checked by an earlier version: run `totalplace quarantine replay` first"
    return HeldItem(
        item_id=part.revision_id,
        is_whole=True,
        return_id=part.return_id,
        revision_id=part.revision_id,
        agency_slug=part.agency_slug,
        file_name=file.file_name,
        rule_ids=tuple(part.held_by),
        line_count=sum(int(entry["quarantined_count"]) for entry in part.ledger),
        amount_gbp=_held_gbp(part),
        reason=part.hold_reason,
        since=file.first_landed_at,
        owner="submitter" if "submitter" in owners else "data_team",
        instead=instead,
        waiver_ids=_pending(given, file, part.revision_id, part.held_by),
    )


def _held_gbp(part: PartRecord) -> Decimal | None:
    """The money of a return held whole: not known where no agency's and no second count of it was had, which is not nought."""
    held = sum((Decimal(str(entry["quarantined_gbp"])) for entry in part.ledger), ZERO)
    is_unread = all(entry["agency_slug"] is None and entry["file_gbp"] is None for entry in part.ledger)
    return None if is_unread and not held else held


def _lines(home: Home, file: FileRecord, part: PartRecord, given: Sequence[Waiver]) -> list[HeldItem]:
    rules = {rule.rule_id: rule for rule in load_catalogue()}
    items: list[HeldItem] = []
    for rule_id, count, gbp in _held_by_rule(home, part):
        rule = rules.get(rule_id)
        items.append(
            HeldItem(
                item_id=f"{part.revision_id}:{rule_id}",
                is_whole=False,
                return_id=part.return_id,
                revision_id=part.revision_id,
                agency_slug=part.agency_slug,
                file_name=file.file_name,
                rule_ids=(rule_id,),
                line_count=count,
                amount_gbp=gbp,
                reason=f"the rule broken: {rule.sentence[0].lower()}{rule.sentence[1:]}" if rule else rule_id,
                since=file.first_landed_at,
                owner=rule.owner if rule else "data_team",
                instead=instead_of_waiver(rule_id),
                waiver_ids=_pending(given, file, part.revision_id, (rule_id,)),
            )
        )
    return items


def _held_by_rule(home: Home, part: PartRecord) -> list[tuple[str, int, Decimal | None]]:
    path = home.root / part.quarantine_path if part.quarantine_path else None
    if path is None or not path.exists():
        return []
    with duckdb.connect() as connection:
        return connection.execute(
            """
            with held as (select unnest(string_split(rule_ids, ';')) as rule_id, amount_gbp from read_parquet(?))
            select rule_id, count(*), sum(amount_gbp)::decimal(18, 2) from held
            where rule_id <> 'return_held' group by rule_id order by rule_id
            """,
            [str(path)],
        ).fetchall()


def _rest(item: HeldItem | None) -> str:
    if item is None:
        return ""
    return f"; {item.line_count:,} {'line stays' if item.line_count == 1 else 'lines stay'} held"


def release(home: Home, item_id: str, reason: str, by: str, at: datetime) -> list[Waiver]:
    """Write the waivers that let an item go, one per rule that holds it; a withdrawn return is restored (no waiver: []).

    Raises CannotRelease where nothing is held under the id, or where what is held cannot be counted; nothing is written then.
    """
    file, part, rest = _found(home, item_id)
    if not rest and WITHDRAWN in part.held_by:
        restore(home, part.return_id, reason, by, at)
        return []
    sheet, row = None, None
    if rest:
        rule_id, _, place = rest.partition(":")
        groups = [rule for rule, _, _ in _held_by_rule(home, part)]
        if rule_id not in groups:
            raise CannotRelease(f"{part.revision_id} has no lines held by {rule_id or 'that rule'}{_others(part, groups)}")
        rule_ids = [rule_id]
        if place:
            sheet, row = _line(home, part, rule_id, place)
    elif part.is_held:
        rule_ids = list(part.held_by)
    else:
        groups = [rule for rule, _, _ in _held_by_rule(home, part)]
        raise CannotRelease(f"{part.revision_id} is not held whole{_others(part, groups)}")
    if not rule_ids:
        raise CannotRelease(f"{part.revision_id} was checked by an earlier version: run `totalplace quarantine replay` first")
    for rule_id in rule_ids:
        if words := instead_of_waiver(rule_id):
            raise CannotRelease(f"{rule_id} cannot be waived: {words}")
    for other in all_waivers(home):
        same = (other.revision_id, other.sheet_name, other.row_number) == (part.revision_id, sheet, row)
        if same and other.rule_id in rule_ids and other.is_in_force(None):
            raise CannotRelease(f"waiver {other.waiver_id} lets it go already: `totalplace quarantine replay` takes it in")
    waivers = [
        Waiver(
            waiver_id=waiver_id(part.revision_id, rule_id, f"{sheet}/{row}", at), revision_id=part.revision_id,
            return_id=part.return_id, file_key=file.key, file_name=file.file_name, rule_id=rule_id, sheet_name=sheet,
            row_number=row, reason=reason, by=by, at=at,
        )
        for rule_id in rule_ids
    ]  # fmt: skip
    for waiver in waivers:
        write_waiver(home, waiver)
    return waivers


def _found(home: Home, item_id: str) -> tuple[FileRecord, PartRecord, str]:
    """The part that an id names and what follows the revision in it. A revision may have any text in it, so it is looked for."""
    for file, part in standing_parts(home):
        if item_id == part.revision_id or item_id.startswith(f"{part.revision_id}:"):
            return file, part, item_id[len(part.revision_id) + 1 :]
    for record in current_records(home):
        for part in record.parts:
            if item_id.startswith(part.revision_id):
                raise CannotRelease(f"{part.revision_id} is superseded: a later return is in service, nothing of it is held up")
    raise CannotRelease(f"nothing is held under {item_id}; `totalplace quarantine list` shows the ids")


def _others(part: PartRecord, groups: Sequence[str]) -> str:
    if not groups:
        return ", and no line of it is held"
    return f"; its held lines: {', '.join(f'{part.revision_id}:{rule_id}' for rule_id in groups)}"


def _line(home: Home, part: PartRecord, rule_id: str, place: str) -> tuple[str | None, int]:
    """Sheet and row of a held line."""
    sheet, _, number = place.rpartition("/")
    if not number.isdecimal():
        raise CannotRelease(f"{place}: give the row as a number, such as {part.revision_id}:{rule_id}:12")
    assert part.quarantine_path is not None
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct sheet_name, row_number from read_parquet(?) where row_number = ?"
            " and list_contains(string_split(rule_ids, ';'), ?) and (? = '' or sheet_name = ?) order by all",
            [str(home.root / part.quarantine_path), int(number), rule_id, sheet, sheet],
        ).fetchall()
    if not rows:
        raise CannotRelease(f"row {place} of {part.revision_id} is not held by {rule_id}")
    if len(rows) > 1:
        raise CannotRelease(f"row {number} is held on several sheets: name one, such as {rows[0][0]}/{number}")
    return rows[0]


@dataclass(frozen=True)
class Replayed:
    """`status`, `release_id`: of the run; `released`: (item, how it came free)."""

    status: str
    release_id: str
    released: tuple[tuple[HeldItem, str], ...]
    still_held: tuple[HeldItem, ...]


def how_released(home: Home, before: Sequence[HeldItem], after: Sequence[HeldItem]) -> tuple[tuple[HeldItem, str], ...]:
    """What was held and is not any more (or with fewer lines), each with the reason."""
    left = {item.item_id: item for item in after}
    standing = {part.return_id: (file, part) for file, part in standing_parts(home)}
    released: list[tuple[HeldItem, str]] = []
    for item in before:
        now = left.get(item.item_id)
        if now is not None and now.line_count == item.line_count:
            continue
        file, part = standing.get(item.return_id, (None, None))
        if file is None or part is None:
            words = "its return is no longer read as it was"
        elif part.revision_id != item.revision_id:
            words = f"replaced by {file.file_name} ({part.revision_id})"
        elif mine := [w.waiver_id for w in all_waivers(home) if w.waiver_id in file.waivers and w.rule_id in item.rule_ids]:
            words = f"by waiver {', '.join(mine)}" + _rest(now)
        else:
            words = "today's rules and registry accept it" + _rest(now)
        released.append((item, words))
    return tuple(released)


def held_records(home: Home, agency: str | None = None) -> list[FileRecord]:
    """The records of the files in which something is held."""
    names = {item.revision_id for item in held_items(home, agency)}
    return [record for record in current_records(home) if any(part.revision_id in names for part in record.parts)]
