"""Groups of findings: one group is one rule broken in one way, whatever the values and however many the rows.

Belongs here: what makes findings one group, adding them up in one pass, the order of groups. Pure; every form of the report
uses these groups. Memory goes with the number of groups and a few bytes a row, not with the findings.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.findings import Finding, Severity
from ingest.submitter_report.where import Place, column_of, row_ranges

SAMPLES = 5
WORDINGS = 25  # groups of one rule; findings in still other words share one group more, so that no file makes a page long
RANK: dict[Severity, int] = {"blocking": 0, "warning": 1, "info": 2}
ZERO = Decimal("0.00")
Key = tuple[str, str, str, str, bool]


@dataclass(frozen=True)
class Group:
    """What one kind of fault comes to. `number` is its place in the report (1-based) and stands on each of its lines in the CSV.

    `is_about_rows` False: about the return or the file as a whole. `amount_gbp` is the sum of the findings' money, None where no
    finding has any; `payments_gbp` and `credits_gbp` are its two sides. `unknown_count` findings have no amount that can be read.
    """

    number: int
    rule_id: str
    severity: Severity
    owner: str
    outcome: str
    words: str
    expected: str
    field_name: str | None
    count: int
    row_count: int
    is_about_rows: bool
    amount_gbp: Decimal | None
    payments_gbp: Decimal
    credits_gbp: Decimal
    unknown_count: int
    places: tuple[Place, ...]
    samples: tuple[Finding, ...]
    return_ids: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """The groups in the order of the report. `numbers`: of the group of each finding, in the order of the findings."""

    groups: tuple[Group, ...]
    numbers: tuple[int, ...]


@dataclass
class _Heap:
    """A group while it is added up."""

    order: int
    first: Finding
    is_others: bool = False
    count: int = 0
    money_count: int = 0
    payments: Decimal = ZERO
    credits: Decimal = ZERO
    has_one_message: bool = True
    rows: dict[tuple[str | None, str], array[int]] = field(default_factory=dict[tuple[str | None, str], "array[int]"])
    values: dict[str | None, Finding] = field(default_factory=dict[str | None, Finding])  # the first finding of each value
    samples: list[Finding] = field(default_factory=list[Finding])  # and the first of those whose value was seen
    return_ids: dict[str, None] = field(default_factory=dict[str, None])

    def add(self, finding: Finding) -> None:
        self.count += 1
        if finding.message != self.first.message:
            self.has_one_message = False
        if (amount := finding.amount_gbp) is not None:
            self.money_count += 1
            if amount < 0:
                self.credits += amount
            else:
                self.payments += amount
        if finding.row_number is not None:
            self.rows.setdefault((finding.sheet_name, column_of(finding.cell_ref)), array("i")).append(finding.row_number)
        if finding.value not in self.values and len(self.values) < SAMPLES:
            self.values[finding.value] = finding
        elif len(self.samples) < SAMPLES:
            self.samples.append(finding)
        if finding.return_id and len(self.return_ids) < SAMPLES:
            self.return_ids[finding.return_id] = None


def group_findings(findings: Iterable[Finding]) -> Grouping:
    """Group findings in one pass: blocking first (what holds the whole return before what holds rows), then by money."""
    heaps: dict[Key, _Heap] = {}
    wordings: dict[Key, int] = {}
    orders = array("i")  # of each finding: which heap
    for finding in findings:
        key = _key(finding)
        heap = heaps.get(key)
        if heap is None:
            others = _others(key)
            wordings[others] = wordings.get(others, 0) + 1
            if wordings[others] > WORDINGS:
                key = others
            heap = heaps.setdefault(key, _Heap(len(heaps), finding, key == others))
        heap.add(finding)
        orders.append(heap.order)
    ordered = sorted(heaps.items(), key=lambda item: _order(item[1]))
    groups = tuple(_group(number, heap) for number, (_, heap) in enumerate(ordered, start=1))
    number_of = {heap.order: number for number, (_, heap) in enumerate(ordered, start=1)}
    return Grouping(groups, tuple(map(number_of.__getitem__, orders)))


def _key(finding: Finding) -> Key:
    return (finding.severity, finding.rule_id, finding.outcome, finding.fault or finding.message, finding.row_number is not None)


def _others(key: Key) -> Key:
    return (*key[:3], "", key[4])


def _order(heap: _Heap) -> tuple[object, ...]:
    first = heap.first
    if first.severity == "info":  # how the file was read: in the order in which it was
        return (RANK["info"], heap.order)
    is_about_rows = first.row_number is not None
    is_consequence = first.outcome == "could_not_run"  # of something else that is wrong, as a rule
    money, count = (heap.credits - heap.payments, -heap.count) if is_about_rows else (ZERO, 0)
    return (RANK[first.severity], is_about_rows, is_consequence, money, count, heap.order)


def _group(number: int, heap: _Heap) -> Group:
    first = heap.first
    words = first.message if heap.has_one_message else first.fault or first.message
    if heap.is_others:
        words = f"More of the same rule, each in its own words, such as: {first.message}"
    words = words[:1].upper() + words[1:]
    places = tuple(Place(sheet, column, row_ranges(rows)) for (sheet, column), rows in heap.rows.items())
    rows_of: dict[str | None, set[int]] = {}
    for (sheet, _), rows in heap.rows.items():
        rows_of.setdefault(sheet, set()).update(rows)
    return Group(
        number=number,
        rule_id=first.rule_id,
        severity=first.severity,
        owner=first.owner,
        outcome=first.outcome,
        words=words,
        expected=first.expected,
        field_name=first.field_name,
        count=heap.count,
        row_count=sum(len(rows) for rows in rows_of.values()),
        is_about_rows=first.row_number is not None,
        amount_gbp=heap.payments + heap.credits if heap.money_count else None,
        payments_gbp=heap.payments,
        credits_gbp=heap.credits,
        unknown_count=heap.count - heap.money_count,
        places=places,
        samples=_samples(heap),
        return_ids=tuple(heap.return_ids),
    )


def _samples(heap: _Heap) -> tuple[Finding, ...]:
    """Different values before the same value again; by row."""
    chosen = [*heap.values.values(), *heap.samples][:SAMPLES]
    return tuple(sorted(chosen, key=lambda f: (f.sheet_name or "", f.row_number or 0)))
