"""The distinct payee names of the lake, resolved: table `intake.supplier_names` of the working database.

Belongs here: reading the names, their dates and register numbers, and laying the answer out. Must not: resolve (that is
ingest.suppliers), or let a reason out of the working database: it may hold the name of a person.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from ingest.registry import Registry
from ingest.suppliers import SupplierName, resolve
from ingest.suppliers.decisions import decision_from_row
from ingest.suppliers.identifiers import parse_identifier
from ingest.suppliers.payee_class import payee_classes

# each name with each number that stands beside it, and how many lines have it
_NAMES = """
    select
        trim(payee_name) as payee_name, coalesce(trim(payee_identifier), ''), coalesce(min(first_date)::varchar, ''),
        sum(line_count)::bigint
    from lake.ledger_payees
    where nullif(trim(payee_name), '') is not null
    group by all
"""
SUPPLIER_NAMES = pa.schema(
    [
        ("payee_name", pa.string()),
        ("supplier_id", pa.string()),
        ("supplier_key", pa.string()),
        ("method", pa.string()),
        ("score", pa.float64()),
        ("reason", pa.string()),
        ("payee_class", pa.string()),
    ]
)


def supplier_names(connection: duckdb.DuckDBPyConnection, registry: Registry) -> pa.Table:
    """One row for each payee name that stands for somebody: withheld names and placeholders have none.

    A name is resolved with the register number that most of its lines have (the smallest of equals), seen first on its first day.
    """
    seen: dict[str, str] = {}
    numbers: dict[str, dict[str, int]] = {}
    for name, written, first_seen, count in connection.execute(_NAMES).fetchall():
        seen[name] = min(seen.get(name, first_seen), first_seen) if first_seen else seen.get(name, "")
        identifier = parse_identifier(written)
        if identifier:
            found = numbers.setdefault(name, {})
            found[identifier] = found.get(identifier, 0) + count
    names = sorted(seen)
    written_beside = [min(numbers[name], key=lambda n: (-numbers[name][n], n)) if name in numbers else "" for name in names]
    named = [
        (SupplierName(name, identifier, seen[name]), sort)
        for name, identifier, sort in zip(names, written_beside, payee_classes(names, written_beside), strict=True)
        if sort not in ("redacted", "placeholder")
    ]
    rows = [row for row, _ in named]
    decisions = [decision_from_row(row) for row in registry.extension.get("supplier_links", [])]
    answers = resolve(rows, decisions).names
    columns = [[row.name for row in rows], *map(list, zip(*answers, strict=True)), [sort for _, sort in named]]
    return pa.table(columns if rows else [[]] * len(SUPPLIER_NAMES), schema=SUPPLIER_NAMES)
