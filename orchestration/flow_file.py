"""The Parquet file of `fct_flow` and the facts of the table, by publisher: what did not change is kept.

Belongs here: which publishers' flows have a file of their own beside the working database, when that still holds, putting them
together. Must not: decide what a flow is (that is dbt's), or what of it is released (that is `release_views`).

The table is by far the largest of a release, and most of it stays what it was when one return is replaced. A kept part is named by
a hash of all its rows, so that whatever changes a row (a rule, a register, another return) is another part. What lines share is
written as numbers into a list of words, which is how Parquet keeps it anyway.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.durable import PART
from orchestration.kept_files import find_kept, forget_others, keep
from orchestration.parquet_join import join_parquet

FOLDER = "flows"
LARGE = 20_000  # lines of a publisher from which on its part is kept
_VERSION = 2
_GROUP = 122_880  # rows that DuckDB stores together: it reads only the groups that it is asked for
_LINES, _FACTS, _PAYEES, _OTHERS = (f"parts.flow__{name}" for name in ("lines", "ledger_facts", "payees", "other_facts"))
_FORMAT = "format parquet, compression zstd, compression_level 2, row_group_size 245760"  # as large as by default, and faster
_LINE = "row_number, cell_column, own_flow_id, own_cell_ref, payment_date, amount_gbp"


@dataclass(frozen=True)
class FlowFacts:
    """What the manifest says of the table: rows, a hash of the content that no order of rows changes, pounds."""

    row_count: int
    hash_sum: int
    amount_gbp: Decimal | None


@dataclass(frozen=True)
class _Ledgers:
    """The ledger lines of one publisher, as released. `spans`: first and last row among which they lie in the table, one for
    each group of rows that is stored together: lines of a file lie together, so others are few among them."""

    publisher_slug: str
    row_count: int
    hash_sum: int
    amount_gbp: Decimal
    spans: tuple[tuple[int, int], ...]


def write_flows(connection: duckdb.DuckDBPyConnection, body: str, words: Mapping[str, str], path: Path, kept: Path) -> FlowFacts:
    """Write the Parquet file of `fct_flow` from the parts in the schema `parts`; returns what it holds.

    `body`: the view's SQL; `words`: the file's key-value metadata; `kept`: the folder of the parts that are kept from run to run.
    Raises ValueError where a part has other rows than the table; what is kept is gone then.
    """
    ledgers, others = _split(body)
    types = connection.execute(f"describe {body}").fetchall()
    columns = [(str(name), str(kind)) for name, kind, *_ in types]
    publishers = _publishers(connection, columns)
    count, hash_sum, pounds = _facts_of_others(connection, others)
    kept.mkdir(parents=True, exist_ok=True)
    told = f"{_VERSION} {duckdb.__version__} {columns} {ledgers}"
    own = {
        hashlib.sha256(f"{told} {p.publisher_slug} {p.row_count} {p.hash_sum}".encode()).hexdigest()[:32]: p
        for p in publishers
        if p.row_count >= LARGE
    }
    forget_others(kept, own)
    rest, other = path.with_suffix(".rest"), path.with_suffix(".other")
    small = [p for p in publishers if p.row_count < LARGE]
    parts: list[Path] = []
    try:
        if count or not publishers:
            parts.append(other)
            has = {name for name, *_ in connection.execute(f"describe {others}").fetchall()}
            chosen = ", ".join(f'{f"{chr(34)}{n}{chr(34)}" if n in has else "null"}::{kind} as "{n}"' for n, kind in columns)
            _copy(connection, f"select {chosen} from ({others})", other)
        if small:
            parts.append(rest)
            _copy(connection, _select(connection, ledgers, columns, small), rest)
        for key, publisher in own.items():
            if (part := find_kept(kept, key)) is None:
                made = kept / f".{key}{PART}"
                _copy(connection, _select(connection, ledgers, columns, [publisher]), made)
                part = keep(made, key)
            parts.append(part)
        rows = join_parquet(parts, path, words)
    except ValueError:
        rows = -1
    finally:
        rest.unlink(missing_ok=True)
        other.unlink(missing_ok=True)
    total = count + sum(p.row_count for p in publishers)
    if rows != total:
        forget_others(kept, ())
        raise ValueError(f"the kept parts of fct_flow under {kept} are not the table's: they are gone now, run again")
    gbp = [p.amount_gbp for p in publishers] + ([pounds] if pounds is not None else [])
    return FlowFacts(total, hash_sum + sum(p.hash_sum for p in publishers), sum(gbp, Decimal(0)) if gbp else None)


def _split(body: str) -> tuple[str, str]:
    """The two halves of the view: ledger lines, and flows of every other kind."""
    halves = re.split(r"\bunion\s+all\s+by\s+name\b", body, flags=re.IGNORECASE)
    assert len(halves) == 2 and _LINES in halves[0] and _OTHERS in halves[1], "fct_flow is put together in another way"
    ledgers, others = (half.strip() for half in halves)
    return _bare(ledgers), _bare(others)


def _bare(half: str) -> str:
    return half[1:-1].strip() if half.startswith("(") and half.endswith(")") else half


def _publishers(connection: duckdb.DuckDBPyConnection, columns: Sequence[tuple[str, str]]) -> list[_Ledgers]:
    """The ledger lines of each publisher, in the order of their names, with a hash of all that is released of them."""
    mine = {name for (name,) in connection.execute(f"select column_name from (describe {_FACTS})").fetchall()}
    shared = ", ".join(f'"{name}"' for name, _ in columns if name in mine)
    rows = connection.execute(
        f"with facts as (select decision_key, publisher_slug, hash(flow_prefix, {shared}) as facts_hash from {_FACTS}),"
        f" payees as (select payee_no, hash(supplier_id, resolved_supplier_id) as payee_hash from {_PAYEES}),"
        f" numbered as (select *, rowid as row_id from {_LINES}),"
        f" counted as (select facts.publisher_slug, lines.row_id // {_GROUP} as row_group, min(lines.row_id) as first_row,"
        " max(lines.row_id) as last_row, count(*) as row_count, sum(lines.amount_gbp) as gbp,"
        f" sum(hash({_LINE}, facts.facts_hash, payees.payee_hash)::hugeint) as hash_sum from numbered as lines"
        " inner join facts on lines.decision_key = facts.decision_key left join payees on lines.payee_no = payees.payee_no"
        " group by all)"
        " select publisher_slug, sum(row_count)::bigint, sum(hash_sum)::hugeint, sum(gbp),"
        " list((first_row, last_row) order by first_row)"
        " from counted group by publisher_slug order by publisher_slug"
    ).fetchall()
    return [_Ledgers(name, count, int(total), Decimal(gbp), tuple(spans)) for name, count, total, gbp, spans in rows]


def _facts_of_others(connection: duckdb.DuckDBPyConnection, others: str) -> tuple[int, int, Decimal | None]:
    row = connection.execute(f"select count(*), sum(hash(t)::hugeint), sum(amount_gbp) from ({others}) as t").fetchone()
    assert row is not None
    return row[0], int(row[1] or 0), row[2]


def _select(
    connection: duckdb.DuckDBPyConnection, ledgers: str, columns: Sequence[tuple[str, str]], publishers: Sequence[_Ledgers]
) -> str:
    """The flows of these publishers, as SQL; makes the temporary tables that it reads."""
    ids = ", ".join("'" + p.publisher_slug.replace("'", "''") + "'" for p in publishers)
    kinds = dict(columns)
    names = [(n, k) for n, k, *_ in connection.execute(f"describe {_FACTS}").fetchall()]
    texts = [name for name, kind in names if kind == "VARCHAR" and name in kinds]
    lists = ", ".join(f'list(distinct "{name}" order by "{name}") filter ("{name}" is not null)' for name in texts)
    found = connection.execute(f"select {lists} from {_FACTS} where publisher_slug in ({ids})").fetchone()
    assert found is not None
    words = {name: values for name, values in zip(texts, found, strict=True) if values}
    chosen = ", ".join(f'"{name}"::{_enum(words[name])} as "{name}"' if name in words else f'"{name}"' for name, _ in names)
    connection.execute(f"create or replace temp table flow__facts as select {chosen} from {_FACTS} where publisher_slug in ({ids})")
    read = " union all ".join(
        f"select * from {_LINES} where rowid between {first} and {last}" for first, last in _spans(publishers)
    )
    connection.execute(f"create or replace temp view flow__some_lines as {read}")
    sql = ledgers.replace(_LINES, "temp.flow__some_lines").replace(_FACTS, "temp.flow__facts")
    cast = ", ".join(f'"{name}"' if kind == "VARCHAR" else f'"{name}"::{kind} as "{name}"' for name, kind in columns)
    return f"select {cast} from ({sql})"


def _enum(values: Sequence[str]) -> str:
    return "enum(" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + ")"


def _spans(publishers: Sequence[_Ledgers]) -> list[tuple[int, int]]:
    """First and last row of each run of rows that holds lines of these publishers; no row stands in two."""
    spans: list[tuple[int, int]] = []
    for first, last in sorted(span for p in publishers for span in p.spans):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    connection.execute(f"copy ({sql}) to '{str(path).replace(chr(39), chr(39) * 2)}' ({_FORMAT})")
