"""What the lines of a ledger share, once for each file: origins, combinations of categories, payees, days.

Belongs here: the views `lake.ledger_*` over the lines of payment that count, and keeping what was read of a large file beside the
working database. Must not: ask a rule or a register anything: what is kept holds for a file's content alone, whatever is decided
of it later.

A ledger has many lines, and few payees and categories. They are told apart by their hash, which is the same in every file and
every run, so that a file that did not change is not read again. Small files are: reading them costs less than keeping.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.durable import PART
from ingest.home import Home
from ingest.revisions import Revision
from orchestration.kept_files import find_kept, forget_others, keep

KINDS = ("spend", "procurement_card")
LARGE = 1_000_000  # bytes of a file in the lake, about 35,000 lines: from here on what was read of it is kept
FOLDER = "ledgers"
_VERSION = 2  # of the queries
_ORIGIN = "hash(revision_id, agency_slug, financial_year, sheet_name, place_code)"
_COUNT = "count(*)::bigint as line_count"
QUERIES: Mapping[str, str] = {
    "ledger_origins": f"""select distinct {_ORIGIN} as origin_no, return_id, revision_id, publisher_slug, agency_slug, kind,
        period, financial_year, file_name, file_sha256, sheet_name, published_as_at, landed_at, place_code from lines""",
    "ledger_wordings": f"""select hash(expense_area, department, expense_type, merchant_category) as wording_no, agency_slug,
        financial_year, expense_area, department, expense_type, merchant_category, {_COUNT} from lines group by all""",
    "ledger_payees": f"""select hash(payee_name) as payee_no, agency_slug, financial_year, payee_name, payee_identifier,
        min(payment_date) as first_date, {_COUNT} from lines where payee_name is not null group by all""",
    "ledger_days": f"""select {_ORIGIN} as origin_no, payment_date, {_COUNT}, sum(amount_gbp)::decimal(18, 2) as amount_gbp
        from lines group by all""",
}
_CONTENTS = "contents"  # of the answers: another file that says the same changes nothing for who reads them
_TEXT, _NUMBER = "VARCHAR", "UBIGINT"
COLUMNS: Mapping[str, Mapping[str, str]] = {  # of the views, with their types
    "ledger_origins": {"origin_no": _NUMBER}
    | dict.fromkeys(("return_id", "revision_id", "publisher_slug", "agency_slug", "kind", "period", "financial_year"), _TEXT)
    | dict.fromkeys(("file_name", "file_sha256", "sheet_name"), _TEXT)
    | {"published_as_at": "TIMESTAMP", "landed_at": "TIMESTAMP", "place_code": _TEXT},
    "ledger_wordings": {"wording_no": _NUMBER}
    | dict.fromkeys(("agency_slug", "financial_year", "expense_area", "department", "expense_type", "merchant_category"), _TEXT)
    | {"line_count": "BIGINT"},
    "ledger_payees": {"payee_no": _NUMBER}
    | dict.fromkeys(("agency_slug", "financial_year", "payee_name", "payee_identifier"), _TEXT)
    | {"first_date": "DATE", "line_count": "BIGINT"},
    "ledger_days": {"origin_no": _NUMBER, "payment_date": "DATE", "line_count": "BIGINT", "amount_gbp": "DECIMAL(18,2)"},
}
# The lines that count where they lie in tables, not in files of a home.
LINES_OF_TABLES = (
    "select lines.* from (from lake.spend union all by name from lake.procurement_card) as lines"
    " anti join intake.repeated_rows as repeated on lines.flow_id = repeated.flow_id"
)


@dataclass(frozen=True)
class LakeFile:
    """A file of lines in service. `stamp`: of what its lines that count are: they are the same while it is."""

    kind: str
    revision_id: str
    path: Path
    size: int
    stamp: str
    has_repeated: bool


def lay_out_ledgers(connection: duckdb.DuckDBPyConnection, home: Home, revisions: Sequence[Revision], columns: str = "*") -> None:
    """Write the views `lake.ledger_*`, and the tables `run.lake_files` (kind, revision_id, stamp) of every kind's files in service
    and `run.ledger_contents` (name, content): of what each file brings to each of these views, whatever the file is.

    Needs `intake.repeated_rows`: rows in it do not count. `columns`: how origins are read, where other times are known of them.
    """
    files = list(_files(connection, home, revisions))
    connection.execute("create table run.lake_files (kind varchar, revision_id varchar, stamp varchar)")
    stamps = [hashlib.sha256(f"{file.stamp} {columns}".encode()).hexdigest()[:32] for file in files]
    known = [[file.kind for file in files], [file.revision_id for file in files], stamps]
    connection.execute(
        "insert into run.lake_files select unnest($1::varchar[]), unnest($2::varchar[]), unnest($3::varchar[])", known
    )
    ledgers = [file for file in files if file.kind in KINDS]
    large = [file for file in ledgers if file.size >= LARGE]
    kept = _kept(connection, home.warehouse.parent / FOLDER, large)
    small = [file for file in ledgers if file.size < LARGE]
    contents = kept.pop(_CONTENTS)
    lines = _lines(small) if small or not large else ""
    define_ledgers(connection, lines, kept, columns)
    told = [f"from read_parquet({_listing(contents)})"] if contents else []
    if lines:
        told.append(_contents({name: f"(with lines as ({lines}) {query})" for name, query in QUERIES.items()}))
    told.append(f"select 'ledger_origins', '{columns.replace(chr(39), chr(39) * 2)}'")
    connection.execute("create table run.ledger_contents (name varchar, content varchar)")
    for query in told:
        connection.execute(f"insert into run.ledger_contents {query}")


def define_ledgers(
    connection: duckdb.DuckDBPyConnection, lines: str, kept: Mapping[str, Sequence[Path]] | None = None, columns: str = "*"
) -> None:
    """The views `lake.ledger_*` over `lines` (SQL, "" for none) and what is `kept` for each of them. A revision can lie in several
    files."""
    for name, query in QUERIES.items():
        files = (kept or {}).get(name)
        read = [f"from read_parquet({_listing(files)})"] if files else []
        if lines:
            read.append(f"with lines as ({lines}) {query}")
        body = " union all ".join(f"(select * from ({one}))" for one in read)
        chosen = f"distinct {columns}" if name == "ledger_origins" else "*"
        connection.execute(f"create view lake.{name} as select {chosen} from ({body})")


def _files(connection: duckdb.DuckDBPyConnection, home: Home, revisions: Sequence[Revision]) -> Iterator[LakeFile]:
    """The files in service, each with the rows of it that another file has, in its stamp."""
    repeated = dict(
        connection.execute(
            "select revision_id, count(*) || ' ' || sum(hash(flow_id)::hugeint) from intake.repeated_rows group by all"
        ).fetchall()
    )
    root = home.root.resolve()
    for revision in revisions:
        part = revision.part
        if revision.status != "in_service" or part.kind is None:
            continue
        for name in part.accepted_paths:
            stat = (root / name).stat()
            told = f"{name} {stat.st_size} {stat.st_mtime_ns} {repeated.get(part.revision_id, '')}"
            stamp = hashlib.sha256(f"{_VERSION} {duckdb.__version__} {told}".encode()).hexdigest()[:32]
            yield LakeFile(part.kind, part.revision_id, root / name, stat.st_size, stamp, part.revision_id in repeated)


def _kept(connection: duckdb.DuckDBPyConnection, folder: Path, files: Sequence[LakeFile]) -> dict[str, list[Path]]:
    """The answers to each query for these files, and their contents, read where they are not kept yet; others are taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = (*QUERIES, _CONTENTS)
    forget_others(folder, {f"{file.stamp}-{name}" for file in files for name in asked})
    found: dict[str, list[Path]] = {name: [] for name in asked}
    for file in files:
        for name in asked:
            key = f"{file.stamp}-{name}"
            if (path := find_kept(folder, key)) is None:
                made = folder / f".{key}{PART}"
                if name == _CONTENTS:
                    query = _contents({each: f"read_parquet({_listing(found[each][-1:])})" for each in QUERIES})
                else:
                    connection.execute(f"create or replace temp view lines as {_lines([file])}")
                    query = QUERIES[name]
                connection.execute(f"copy ({query}) to '{_quoted(made)}' (format parquet, compression snappy)")
                connection.execute("drop view if exists temp.lines")
                path = keep(made, key)
            found[name].append(path)
    return found


def _contents(answers: Mapping[str, str]) -> str:
    """What answers hold, whatever the order of their rows, as SQL."""
    return " union all ".join(
        f"select '{name}' as name, count(*) || ' ' || coalesce(sum(hash(t)::hugeint), 0) as content from {answer} as t"
        for name, answer in answers.items()
    )


def _lines(files: Sequence[LakeFile]) -> str:
    """The lines of these files that count, as SQL; none where there is no file."""
    if not files:
        return "select lines.* from lake.spend as lines where false"
    read = f"select lines.* from read_parquet({_listing([file.path for file in files])}, union_by_name = true) as lines"
    if not any(file.has_repeated for file in files):
        return read  # ids are long: to compare them took longer than all else
    return f"{read} anti join intake.repeated_rows as repeated on lines.flow_id = repeated.flow_id"


def _listing(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(f"'{_quoted(path)}'" for path in paths) + "]"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
