"""Rows of a table that belong to one return each: kept where the return is, built where it changed.

Belongs here: which returns changed since the last build, whether rows of the others still hold, and the statement that builds only
what changed. Must not: know which models these are (they say so, `meta.kept_by`), or compile.

A model of lines says `kept_by: {column: origin_no, beside: {MODEL: {key: [...], says: [...]}}, reads: [MODEL, ...]}`. Its rows
follow from the lines of their own return, from what its statement says, and from tables that are the same for all returns. Those
must be what they were. A table `beside` may gain and lose rows (payees come and go with returns), but what it says of a key must
not change; a row can only be missing for a key that no line had. `reads` are models of the same sort that it is built from.

`of: agency` says that rows follow from all lines of one agency, of every year: payments of several lines, say. They are built for
each agency that has a return that changed. `of: rows` says that each row follows from the row of the one model in `reads` that has
the same `key: [...]`, and from nothing else: answers to texts, say. They are built for rows that are new there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import duckdb

from orchestration.ledger_parts import KINDS

_OWN_SOURCES = ("lake.spend", "lake.procurement_card", "intake.repeated_rows")  # what `run.lake_files` tells by return
_ORIGINS = "int_flow__origins"


class KeptRows:
    """The rows kept of one build. `connection`: the database being built, the last build attached as `built`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.is_known = self._find_changed()
        self.partly: set[str] = set()  # unique ids of the tables of which rows were kept in this build

    def _find_changed(self) -> bool:
        """Write the revisions that came, went or changed into `temp.changed_returns`, and where their lines come from now into
        `temp.changed_origins`; False where that cannot be told."""
        found = self.connection.execute(
            "select count(*) from duckdb_tables() where database_name in (current_database(), 'built') and"
            f" (schema_name = 'run' and table_name = 'lake_files' or database_name = 'built' and table_name = '{_ORIGINS}')"
        ).fetchone()
        if found != (3,):
            return False
        kinds = ", ".join(f"'{kind}'" for kind in KINDS)
        old, new = (f"(select * from {base}run.lake_files where kind in ({kinds}))" for base in ("built.", ""))
        self.connection.execute(
            "create or replace temp table changed_returns as select distinct revision_id from"
            f" ((from {old} except all from {new}) union all (from {new} except all from {old}))"
        )
        self.connection.execute(
            "create or replace temp table changed_origins as select distinct origin_no, revision_id from lake.ledger_origins"
            " where revision_id in (select revision_id from temp.changed_returns)"
        )
        return True

    def _of_changed(self, said: Mapping[str, Any], base: str) -> str:
        """The condition that a row is of a return that changed (or of an agency that has one), by the origins of a database; or
        that the row it follows from came (in `built.`: went)."""
        if said.get("of") == "rows":
            keys, (read,) = ", ".join(said["key"]), said["reads"]
            here, there = (base, "") if base else ("", "built.")
            moved = "rows_that_went" if base else "rows_that_came"
            rows = f'(from {here}main."{read}" except from {there}main."{read}")'
            self.connection.execute(f"create or replace temp table {moved} as select {keys} from {rows}")
            return f"({keys}) in (from temp.{moved})"
        if said.get("of") == "agency":
            run = self.connection.execute
            run(
                "create or replace temp table changed_agencies as select distinct hash(agency_slug) as agency_no"
                f" from (from main.{_ORIGINS} union all by name from built.main.{_ORIGINS})"
                " where revision_id in (select revision_id from temp.changed_returns)"
            )
            chosen = "hash(agency_slug) in (select agency_no from temp.changed_agencies)"
        elif base:
            chosen = "revision_id in (select revision_id from temp.changed_returns)"
        else:  # not the table of origins: who reads no more of a line than its text may be built before it
            return f"{said['column']} in (select {said['column']} from temp.changed_origins)"
        return f"{said['column']} in (select {said['column']} from {base}main.{_ORIGINS} where {chosen})"

    def can_keep(self, said: Mapping[str, Any], inputs: Collection[str]) -> bool:
        """Whether the rows of returns that did not change still hold. `inputs`: unique ids of the tables that changed."""
        if said.get("of") == "rows":
            return all(node_id.split(".")[-1] in said["reads"] and not node_id.startswith("source.") for node_id in inputs)
        return bool(said) and self.is_known and all(self._is_harmless(said, node_id) for node_id in inputs)

    def _is_harmless(self, said: Mapping[str, Any], node_id: str) -> bool:
        if node_id.startswith("source."):
            return ".".join(node_id.split(".")[-2:]) in _OWN_SOURCES
        if node_id in self.partly:
            return True
        table = node_id.split(".")[-1]
        if table not in said.get("beside", {}):
            return False
        keys = ", ".join(said["beside"][table]["key"])
        says = ", ".join(said["beside"][table]["says"])
        row = self.connection.execute(
            f'select count(*) from (select {keys}, hash({says}) as said from main."{table}") as mine'
            f' inner join (select {keys}, hash({says}) as said from built.main."{table}") as theirs using ({keys})'
            " where mine.said <> theirs.said"
        ).fetchone()
        return row == (0,)

    def build(self, node_id: str, table: str, sql: str, columns: str, said: Mapping[str, Any]) -> bool:
        """Take the rows of returns that changed out of the table, which is as the last build left it, and put theirs in by the
        statement. Returns whether they are others. Raises LookupError where the statement does not name what it is said to read."""
        before, after = (self._of_changed(said, base) for base in ("built.", ""))
        run = self.connection.execute
        gone = self._hashed(f'(select * from main."{table}" where {before}) as t')
        run(f'delete from main."{table}" where {before}')
        for read in said.get("reads", ()):
            run(f'create or replace temp view "changed_{read}" as select * from main."{read}" where {after}')
            sql, count = re.subn(rf'("?\w+"?\.)?"?main"?\."?{read}"?(?!\w)', f'temp."changed_{read}"', sql)
            if not count:
                raise LookupError(f"{table} does not read {read}")
        insert = f'insert into main."{table}" select {columns} from ({sql})'
        if said.get("of") == "rows":
            run(insert)
        else:
            self._with_changed_files(lambda: run(f"{insert} where {after}"))
            self.partly.add(node_id)
        return gone != self._hashed(f'(select * from main."{table}" where {after}) as t')

    def _hashed(self, relation: str) -> tuple[int, int]:
        row = self.connection.execute(f"select count(*), coalesce(sum(hash(t)::hugeint), 0) from {relation}").fetchone()
        assert row is not None
        return row

    def _with_changed_files(self, act: Callable[[], object]) -> None:
        """Do something while the lake holds only the lines of returns that changed."""
        views = self.connection.execute(
            "select view_name, sql from duckdb_views() where database_name = current_database() and schema_name = 'lake'"
            f" and view_name in {KINDS}"
        ).fetchall()
        bodies = {name: re.split(r"\bAS\b", sql, maxsplit=1, flags=re.IGNORECASE)[1].rstrip("; \n") for name, sql in views}
        for name, body in bodies.items():
            ids = self.connection.execute(
                "select distinct revision_id from run.lake_files semi join temp.changed_returns using (revision_id) where kind = ?",
                [name],
            ).fetchall()
            # One by one: by an equal id whole files are passed over, by a list of ids none.
            chosen = [f"revision_id = '{revision_id.replace(chr(39), chr(39) * 2)}'" for (revision_id,) in ids] or ["false"]
            read = " union all ".join(f"select * from ({body}) where {condition}" for condition in chosen)
            self.connection.execute(f"create or replace view lake.{name} as {read}")
        act()
        for name, body in bodies.items():
            self.connection.execute(f"create or replace view lake.{name} as {body}")
