"""The arithmetic of a difference: changed lines and changed shares, carried through place and elimination to the figure.

Belongs here: pure functions over whole pence. Must not: read, or say in words what a cause is.

A *strand* is one amount of fct_allocation in both releases: what an agency paid of one kind to one receiver, as it stands in one
place. A *leg* is money that changed lines of fct_flow took away (negative) or brought. Three steps, each exact:
1. A leg goes to the strands of its place; one that has none is divided over the strands by the shares they had before.
2. What then still differs is another division over places (`Placing`), or pence of largest remainder, which stay with the lines.
3. The strand keeps the share of its money that was not eliminated; what then still differs is another treatment (`Treatment`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from orchestration.release_diff.shapes import Figure


class Group(NamedTuple):
    """What a line and the strand it ended up in have in common."""

    agency_slug: str
    financial_year: str
    capital_or_revenue: str | None
    expenditure_basis: str | None
    transfer_kind: str | None
    counterparty_agency: str | None


class Spot(NamedTuple):
    """Where money stands, and by which method."""

    place_code: str | None
    place_basis: str | None
    method_grade: str | None


class Lines(NamedTuple):
    """Changed lines of a return. `change`: lines (come, gone, other amount), layer, transfer, attributes."""

    change: str
    return_id: str
    rule_before: str | None = None
    rule_after: str | None = None


class Placing(NamedTuple):
    """The agency's money is divided over places in another way."""


class Treatment(NamedTuple):
    """The consolidation treats a transfer in another way."""

    transfer_kind: str | None
    counterparty_agency: str | None
    reasons_before: tuple[str, ...]
    reasons_after: tuple[str, ...]


Key = Lines | Placing | Treatment


@dataclass(frozen=True)
class Strand:
    """Pence before and after. `parts`: how many divided amounts it is made of, in both releases."""

    group: Group
    spot: Spot
    is_recorded: bool
    aggregate_before: int
    aggregate_after: int
    consolidated_before: int
    consolidated_after: int
    parts: int
    reasons_before: tuple[str, ...] = ()
    reasons_after: tuple[str, ...] = ()

    @property
    def figure(self) -> Figure:
        g, s = self.group, self.spot
        return Figure(
            s.place_code or "",
            g.financial_year,
            g.agency_slug,
            g.capital_or_revenue,
            g.expenditure_basis,
            s.place_basis,
            s.method_grade,
        )


@dataclass(frozen=True)
class Leg:
    """`spot.place_code` None: no place was recorded."""

    group: Group
    spot: Spot
    lines: Lines
    pence: int


@dataclass(frozen=True)
class Effect:
    """What a cause did to a figure, in pence."""

    figure: Figure
    key: Key
    agency_slug: str
    aggregate: int
    consolidated: int


def attribute(strands: Sequence[Strand], legs: Sequence[Leg], *, may_places_differ: bool) -> list[Effect]:
    """The effects that sum, per figure, to its difference in aggregate and in consolidated pence.

    `may_places_differ`: something that decides places differs between the releases. Where nothing does, a difference in shares
    comes from the changed lines themselves.
    """
    strands_of: dict[Group, list[Strand]] = defaultdict(list)
    for strand in strands:
        strands_of[strand.group].append(strand)
    shares: dict[int, dict[Lines, int]] = defaultdict(lambda: defaultdict(int))
    for leg in legs:
        pool = _pool(strands_of.get(leg.group, ()), leg)
        for strand, pence in zip(pool, divide(leg.pence, _weights(pool)), strict=True):
            shares[id(strand)][leg.lines] += pence
    group_lines = {g: _largest(legs_of) for g, legs_of in _sums_by_group(legs).items()}
    effects: list[Effect] = []
    for strand in strands:
        effects += _effects_of(strand, dict(shares[id(strand)]), group_lines.get(strand.group), may_places_differ)
    return effects


def divide(pence: int, weights: Sequence[int]) -> list[int]:
    """Largest remainder: whole pence by weight, summing to `pence`; all to the first where the weights sum to nought."""
    if not weights:
        return []
    total = sum(weights)
    if total == 0:
        return [pence] + [0] * (len(weights) - 1)
    parts = [pence * w // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: -abs((pence * weights[i]) % total))
    left = pence - sum(parts)
    step = 1 if left > 0 else -1
    for i in range(abs(left)):
        parts[order[i % len(order)]] += step
    return parts


def _pool(strands: Sequence[Strand], leg: Leg) -> list[Strand]:
    """The strands that a leg's money stands in: of its very spot, else of its place, else of its sort, else any of the group."""
    if leg.spot.place_code is None:
        choices = [[s for s in strands if not s.is_recorded]]
    else:
        recorded = [s for s in strands if s.is_recorded]
        choices = [
            [s for s in recorded if s.spot == leg.spot],
            [s for s in recorded if s.spot.place_code == leg.spot.place_code],
            recorded,
        ]
    return next((found for found in choices if found), list(strands))


def _weights(pool: Sequence[Strand]) -> list[int]:
    before = [s.aggregate_before for s in pool]
    return before if sum(before) else [s.aggregate_after for s in pool]


def _sums_by_group(legs: Iterable[Leg]) -> dict[Group, dict[Lines, int]]:
    sums: dict[Group, dict[Lines, int]] = defaultdict(lambda: defaultdict(int))
    for leg in legs:
        sums[leg.group][leg.lines] += abs(leg.pence)
    return sums


def _largest(amounts: dict[Lines, int]) -> Lines | None:
    return max(amounts, key=lambda lines: (abs(amounts[lines]), lines.return_id), default=None)


def _effects_of(strand: Strand, aggregate: dict[Lines, int], group_lines: Lines | None, may_places_differ: bool) -> list[Effect]:
    keyed: dict[Key, int] = {lines: pence for lines, pence in aggregate.items() if pence}
    left = strand.aggregate_after - strand.aggregate_before - sum(keyed.values())
    if left:
        own = _largest({lines: pence for lines, pence in aggregate.items() if pence}) or group_lines
        is_rounding = abs(left) <= strand.parts + len(keyed) + 1
        key: Key = own if own is not None and (is_rounding or not may_places_differ) else Placing()
        keyed[key] = keyed.get(key, 0) + left
    consolidated: dict[Key, int] = {key: _kept(strand, pence) for key, pence in keyed.items()}
    rest = strand.consolidated_after - strand.consolidated_before - sum(consolidated.values())
    if rest:
        is_treated_otherwise = strand.reasons_before != strand.reasons_after or not consolidated
        if is_treated_otherwise:
            g = strand.group
            treatment = Treatment(g.transfer_kind, g.counterparty_agency, strand.reasons_before, strand.reasons_after)
            consolidated[treatment] = consolidated.get(treatment, 0) + rest
        else:
            largest = max(consolidated, key=lambda key: abs(keyed.get(key, 0)))
            consolidated[largest] += rest
    return [
        Effect(strand.figure, key, strand.group.agency_slug, keyed.get(key, 0), consolidated.get(key, 0))
        for key in {**keyed, **consolidated}
    ]


def _kept(strand: Strand, pence: int) -> int:
    """The part of this money that stays in the place's spend: as much of it as stayed before."""
    for kept, whole in ((strand.consolidated_before, strand.aggregate_before), (strand.consolidated_after, strand.aggregate_after)):
        if whole:
            return pence * kept // whole
    return pence
