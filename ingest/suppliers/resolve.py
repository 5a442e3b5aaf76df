"""Distinct names to suppliers: the whole of it, in order.

The id of a supplier is made from the exact key that was seen first in its cluster (the smallest of those seen on one day). So it
depends on the data alone, not on the order of names or on an earlier run; a spelling that turns up later never changes it; and when
two suppliers become one, the older id stays.

Belongs here: the order of the steps and what each name is told. Must not: know how a pair is judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from typing import NamedTuple

from ingest.garbage import uncollected
from ingest.suppliers.clusters import Forest, neighbours, reached_from, without_cuts
from ingest.suppliers.decisions import Decision
from ingest.suppliers.links import KeyFacts, Link, linked, propose
from ingest.suppliers.names import NameParts, read_name

_UNDER = "\x1f"  # between a key and what sets a node of its own apart


class SupplierName(NamedTuple):
    """A name as published. `identifier`: `scheme:value` (`company:01234567`), "" when none was given with it; `first_seen`: the
    first date that it occurs, ISO, "" when not known. Rows are distinct; one name may stand with several identifiers."""

    name: str
    identifier: str = ""
    first_seen: str = ""


class Resolved(NamedTuple):
    """Where a name belongs. `method`, `reason`: of the last link on the way to the name that the supplier is known by; `score`: the
    least on that way; a name with the same exact key is `exact`."""

    supplier_id: str
    key: str
    method: str
    score: float
    reason: str


@dataclass(frozen=True)
class Resolution:
    """`names`: one for each row given, in the order given. `links`: those that hold. `refused`: near names kept apart, and why."""

    names: list[Resolved]
    links: list[Link] = field(default_factory=list[Link])
    refused: list[Link] = field(default_factory=list[Link])


def resolve(
    rows: Sequence[SupplierName], decisions: Iterable[Decision] = (), parts: Sequence[NameParts] | None = None
) -> Resolution:
    """The suppliers of distinct rows. The order of the rows changes nothing but the order of the answer. `parts`: the names as
    `read_name` reads them, where that is done."""
    with uncollected():  # half a million tuples, and no circle among them
        return _resolved(rows, list(decisions), parts or [read_name(row.name) for row in rows])


def _resolved(rows: Sequence[SupplierName], decisions: Sequence[Decision], parts: Sequence[NameParts]) -> Resolution:
    keys = [part.key or row.name for part, row in zip(parts, rows, strict=True)]
    first_seen = _first_seen(rows, keys)
    facts = _facts(parts, keys)
    proposed, refused = propose(facts, first_seen)
    nodes, identifiers, held = _nodes(rows, parts, keys, decisions)
    forest = Forest([*proposed, *held], identifiers)
    node_of_name = {row.name: node for row, node in zip(rows, nodes, strict=True)}
    never = [
        (node_of_name[d.name_a], node_of_name[d.name_b])
        for d in decisions
        if d.decision == "never" and d.name_a in node_of_name and d.name_b in node_of_name
    ]
    alone = [node_of_name[d.name_a] for d in decisions if d.decision == "split" and d.name_a in node_of_name]
    links = without_cuts(forest.taken, never, alone)
    return Resolution(_named(keys, nodes, links, first_seen), links, refused + forest.refused)


def _first_seen(rows: Sequence[SupplierName], keys: Sequence[str]) -> dict[str, str]:
    seen: dict[str, str] = {}
    for row, key in zip(rows, keys, strict=True):
        date = row.first_seen or "9999"  # a name without a date is younger than any with one
        if date < seen.get(key, "99999"):
            seen[key] = date
    return seen


def _facts(parts: Sequence[NameParts], keys: Sequence[str]) -> dict[str, KeyFacts]:
    forms: dict[str, set[str]] = {}
    aliases: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for part, key in zip(parts, keys, strict=True):
        known = forms.setdefault(key, set())
        if part.form:
            known.add(part.form)
        if part.aliases:
            aliases[key].update(part.aliases)
    return {key: KeyFacts(frozenset(known), tuple(sorted(aliases.get(key, ())))) for key, known in forms.items()}


def _nodes(
    rows: Sequence[SupplierName], parts: Sequence[NameParts], keys: Sequence[str], decisions: Sequence[Decision]
) -> tuple[list[str], dict[str, frozenset[str]], list[Link]]:
    """The node of each row, the identifiers of each node, and the links that identifiers and decisions make.

    A node is an exact key. Where a key stands with several identifiers of one scheme, the commonest (then the smallest) keeps the
    key and the names of the others have a node for each identifier. A name that somebody decided about has a node of its own.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    given = [row.identifier or (f"ods:{part.ods}" if part.ods else "") for row, part in zip(rows, parts, strict=True)]
    for key, identifier in zip(keys, given, strict=True):
        if identifier:
            counts[key][identifier] += 1
    identifiers: dict[str, frozenset[str]] = {}
    apart: set[tuple[str, str]] = set()
    for key, found in counts.items():
        main: dict[str, str] = {}
        for identifier, _ in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            if main.setdefault(identifier.partition(":")[0], identifier) != identifier:
                apart.add((key, identifier))
                identifiers[key + _UNDER + identifier] = frozenset({identifier})
        identifiers[key] = frozenset(main.values())
    decided = {name for d in decisions for name in (d.name_a, d.name_b) if name}
    nodes: list[str] = []
    links: list[Link] = []
    for row, key, identifier in zip(rows, keys, given, strict=True):
        node = key + _UNDER + identifier if apart and (key, identifier) in apart else key
        if row.name in decided:
            own = node + _UNDER + row.name
            links.append(linked(node, own, "exact", "the same name"))
            node = own
        nodes.append(node)
    links += _by_identifier(identifiers)
    by_name = {row.name: node for row, node in zip(rows, nodes, strict=True)}
    links += [
        linked(by_name[d.name_a], by_name[d.name_b], "merge", d.reason or "merged by hand")
        for d in decisions
        if d.decision == "merge" and d.name_a in by_name and d.name_b in by_name
    ]
    return nodes, identifiers, links


def _by_identifier(identifiers: Mapping[str, frozenset[str]]) -> list[Link]:
    holders: dict[str, list[str]] = defaultdict(list)
    for node, found in identifiers.items():
        for identifier in found:
            holders[identifier].append(node)
    return [
        linked(min(nodes), node, "identifier", f"both are {identifier}")
        for identifier, nodes in holders.items()
        if len(nodes) > 1
        for node in nodes
        if node != min(nodes)
    ]


def _named(keys: Sequence[str], nodes: Sequence[str], links: Sequence[Link], first_seen: Mapping[str, str]) -> list[Resolved]:
    """Each row told its supplier. Of several clusters that hold one key (a decision or an identifier parted them) the one with the
    bare node keeps the id of the key, the others' ids are made from their nodes."""
    around = neighbours(links)
    told: dict[str, Resolved] = {}
    rows_of = {node: (first_seen[key], key, node) for node, key in zip(nodes, keys, strict=True)}
    key_of = dict(zip(nodes, keys, strict=True))
    used: set[str] = set()
    for _, key, node in sorted(rows_of.values()):
        if node in told:
            continue
        supplier_id = _id(key if key not in used else node)
        used.add(key)
        told[node] = Resolved(supplier_id, key, "exact", 1.0, "")
        if node not in around:
            continue
        score: dict[str, float] = {node: 1.0}
        for other, before, link in reached_from(node, around):
            score[other] = min(score[before], 1.0 if link.method == "exact" else link.score)
            told[other] = Resolved(supplier_id, key_of.get(other, other), link.method, score[other], link.reason)
    return [told[node] for node in nodes]


def _id(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
