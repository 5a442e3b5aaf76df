"""The one shape of a finding.

Belongs here: what a finding is. Everything else (rules, Dagster checks, `qa_` marts, the command line) imports it.
Must not: decide anything, read anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, ClassVar, Literal

import pyarrow as pa

Severity = Literal["blocking", "warning", "info"]
Owner = Literal["submitter", "data_team"]
Outcome = Literal["failed", "could_not_run"]


class _FindingId:
    """Stable id: the same fault in the same cell of the same bytes has the same id in every run. Made when it is first asked for,
    and then kept (`functools.cached_property` takes a lock each time)."""

    def __get__(self, finding: Finding, owner: type[Finding]) -> str:
        digest = _begun(finding.rule_id, finding.revision_id, finding.file_name, finding.sheet_name).copy()
        row = "" if finding.row_number is None else finding.row_number
        digest.update(f"\x1f{row}\x1f{finding.cell_ref or ''}\x1f{finding.value or ''}".encode())
        found = finding.__dict__["finding_id"] = digest.hexdigest()[:20]
        return found


@lru_cache(maxsize=256)
def _begun(*parts: str | None) -> Any:
    """The hash of what many findings have in common."""
    return hashlib.sha256("\x1f".join([part or "" for part in parts]).encode())


@dataclass(frozen=True)
class Finding:
    """One thing found in a return, addressed to the cell where it can be.

    `amount_gbp` is the money at stake (None: none or unknown); `message` says what is wrong and what to do, `expected`
    what a right value looks like. `fault` is the message without the value, the same for all findings of one fault ("": the
    message is that already): reports group by it.
    """

    rule_id: str
    severity: Severity
    owner: Owner
    message: str
    expected: str = ""
    outcome: Outcome = "failed"
    publisher_slug: str = ""
    agency_slug: str | None = None
    kind: str | None = None
    period: str | None = None
    return_id: str | None = None
    revision_id: str | None = None
    file_name: str = ""
    sheet_name: str | None = None
    row_number: int | None = None
    cell_ref: str | None = None
    field_name: str | None = None
    value: str | None = None
    amount_gbp: Decimal | None = None
    fault: str = ""

    finding_id: ClassVar = _FindingId()

    @property
    def place_in_file(self) -> str:
        """Where to look, in words: sheet, row, cell."""
        bits = [f"sheet '{self.sheet_name}'" if self.sheet_name else "", f"row {self.row_number}" if self.row_number else ""]
        bits.append(f"cell {self.cell_ref}" if self.cell_ref else "")
        return ", ".join(b for b in bits if b)

    def at(self, **where: object) -> Finding:
        """The same finding with its address filled in. Raises TypeError for what is no field of it."""
        if not where.keys() <= _FIELDS:
            raise TypeError(f"a finding has no {', '.join(sorted(where.keys() - _FIELDS))}")
        addressed = object.__new__(Finding)  # a file may have hundreds of thousands: `dataclasses.replace` takes five times as long
        state = self.__dict__ | where
        state.pop("finding_id", None)  # that of the other address, where it was asked for
        addressed.__dict__.update(state)
        return addressed


_FIELDS = frozenset(field.name for field in fields(Finding))
FINDINGS_SCHEMA = pa.schema(
    [
        ("finding_id", pa.string()),
        ("rule_id", pa.string()),
        ("severity", pa.string()),
        ("owner", pa.string()),
        ("outcome", pa.string()),
        ("publisher_slug", pa.string()),
        ("agency_slug", pa.string()),
        ("kind", pa.string()),
        ("period", pa.string()),
        ("return_id", pa.string()),
        ("revision_id", pa.string()),
        ("file_name", pa.string()),
        ("sheet_name", pa.string()),
        ("row_number", pa.int32()),
        ("cell_ref", pa.string()),
        ("field_name", pa.string()),
        ("value", pa.string()),
        ("expected", pa.string()),
        ("message", pa.string()),
        ("amount_gbp", pa.decimal128(18, 2)),
    ]
)

VALUE_LIMIT = 200  # a finding quotes a cell, it does not carry documents


def findings_table(findings: list[Finding]) -> pa.Table:
    """Findings as a table of FINDINGS_SCHEMA, in the order given."""
    names = [name for name in FINDINGS_SCHEMA.names if name != "finding_id"]
    columns: dict[str, Sequence[object]] = dict.fromkeys(names, ())
    columns |= zip(names, zip(*map(attrgetter(*names), findings), strict=True), strict=False)  # no findings: no columns
    columns["finding_id"] = [f.finding_id for f in findings]
    columns["value"] = [v[:VALUE_LIMIT] if isinstance(v, str) else v for v in columns["value"]]
    return pa.table({name: pa.array(columns[name], FINDINGS_SCHEMA.field(name).type) for name in FINDINGS_SCHEMA.names})
