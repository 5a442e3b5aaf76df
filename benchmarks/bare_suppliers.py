"""The bare join that supplier resolution is measured against: `python -m benchmarks.bare_suppliers NAMES OUT`.

DuckDB alone: one expression makes the key, keys that share a key with one letter left out and are one edit apart are pairs. It
gives no reasons, keeps no ids, knows no identifier but one column, takes any near name and makes no clusters of its pairs: the
least that the work can cost.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

KEY = r"""
    trim(regexp_replace(
        regexp_replace(
            regexp_replace(replace(upper(name), '&', ' AND '), '\(.*\)|[.,]', '', 'g'),
            '\b(PUBLIC LIMITED COMPANY|LIMITED|LTD|PLC|LLP|CIC|THE)\b', '', 'g'),
        '\s+', ' ', 'g'))"""


def run(names: Path, out: Path) -> None:
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute(
            "create table names as select row_number() over () as name_id, name, nullif(identifier, '') as identifier,"
            f" {KEY} as key from read_csv('{names}', header = true, all_varchar = true)"
        )
        connection.execute("create table keys as select key, min(name_id) as node from names group by key")
        connection.execute(
            "create table shorter as select distinct node, part from ("
            " select node, key as part from keys union all"
            " select node, key[: place - 1] || key[place + 1 :] from (select node, key, unnest(range(1, len(key) + 1)) as place"
            " from keys))"
        )
        connection.execute(
            "create table pairs as select distinct a.node as low, b.node as high from shorter as a"
            " inner join shorter as b on a.part = b.part and a.node < b.node"
            " inner join keys as x on a.node = x.node inner join keys as y on b.node = y.node"
            " where damerau_levenshtein(x.key, y.key) <= 1"
        )
        connection.execute(
            "insert into pairs select least(first, node), greatest(first, node) from ("
            " select node, min(node) over (partition by identifier) as first from names inner join keys using (key)"
            " where identifier is not null) where first <> node"
        )
        connection.execute(f"copy pairs to '{out}' (format parquet)")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
