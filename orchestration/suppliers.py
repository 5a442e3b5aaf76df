"""The distinct payee names of the lake, resolved: table `intake.supplier_names` of the working database.

Belongs here: reading the names, their dates and register numbers, and laying the answer out. Must not: resolve (that is
ingest.suppliers), or let a reason out of the working database: it may hold the name of a person.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import ingest
from ingest.durable import PART
from ingest.garbage import uncollected
from ingest.registry import Registry
from ingest.suppliers import SupplierName, resolve
from ingest.suppliers.decisions import decision_from_row
from ingest.suppliers.identifiers import parse_identifier
from ingest.suppliers.names import read_name
from ingest.suppliers.payee_class import payee_classes
from orchestration.kept_files import find_kept, forget_others, keep

CODE = Path(ingest.__file__).parent
REDACTION_WORDS = CODE.parent / "dbt_project" / "seeds" / "seed_redaction_words.csv"

# Each name with each number that stands beside it, and how many lines have it. Files are many and names are few: by their numbers
# first.
_NAMES = """
    with told as (
        select
            any_value(payee_name) as payee_name, payee_identifier, min(first_date) as first_date, sum(line_count) as line_count
        from lake.ledger_payees
        group by payee_no, payee_identifier
    )

    select
        trim(payee_name) as payee_name, coalesce(trim(payee_identifier), '') as number,
        coalesce(min(first_date)::varchar, '') as first_seen, sum(line_count)::bigint as line_count
    from told
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


def supplier_names(connection: duckdb.DuckDBPyConnection, registry: Registry, kept: Path | None = None) -> pa.Table:
    """One row for each payee name that stands for somebody: withheld names and placeholders have none.

    A name is resolved with the register number that most of its lines have (the smallest of equals), seen first on its first day.
    `kept`: a folder with the answer of the last run, read where nothing that decides it has changed, else written; needs
    `run.ledger_contents`.
    """
    key = _key(connection, registry) if kept is not None else ""
    if kept is not None and (path := find_kept(kept, key)) is not None:
        return pq.read_table(path)
    with uncollected():
        answer = _resolved(connection, registry)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        forget_others(kept, {key})
        made = kept / f".{key}{PART}"
        pq.write_table(answer, made)
        keep(made, key)
    return answer


def _resolved(connection: duckdb.DuckDBPyConnection, registry: Registry) -> pa.Table:
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
    read = [read_name(name) for name in names]
    classes = payee_classes(names, written_beside, parts=read)
    named = [
        (SupplierName(name, identifier, seen[name]), parts, sort)
        for name, identifier, parts, sort in zip(names, written_beside, read, classes, strict=True)
        if sort not in ("redacted", "placeholder")
    ]
    rows = [row for row, _, _ in named]
    decisions = [decision_from_row(row) for row in registry.extension.get("supplier_links", [])]
    answers = resolve(rows, decisions, [parts for _, parts, _ in named]).names
    columns = [[row.name for row in rows], *map(list, zip(*answers, strict=True)), [sort for _, _, sort in named]]
    return pa.table(columns if rows else [[]] * len(SUPPLIER_NAMES), schema=SUPPLIER_NAMES)


def _key(connection: duckdb.DuckDBPyConnection, registry: Registry) -> str:
    """What decides the answer: what files say of payees, what people decided, the code and its lists of words."""
    told = connection.execute(
        "select list(content order by content) from run.ledger_contents where name = 'ledger_payees'"
    ).fetchone()
    digest = hashlib.sha256(f"{duckdb.__version__} {told}".encode())
    digest.update(json.dumps([sorted(row.items()) for row in registry.extension.get("supplier_links", [])]).encode())
    for path in sorted([Path(__file__), *CODE.rglob("*.py"), *CODE.rglob("*.csv"), REDACTION_WORDS]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
