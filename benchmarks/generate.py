"""Synthetic spending returns of known truth: `python -m benchmarks.generate ROWS FOLDER`.

Writes a returns folder of 60 files (20 agencies of three years) with its registry, and `truth/` beside it: what each file holds
(lines, pounds, lines that break each rule), which supplier every spelling belongs to, and the payments that were made twice.
The same rows in the same order on every machine. The agencies are made up (identifier scheme `synthetic`).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv as pa_csv

pc: Any = pyarrow.compute  # its functions are made while it is imported
SEED = 20260401
AGENCIES = 20
YEARS = (2022, 2023, 2024)
SUPPLIERS = 40_000
SPELLINGS = 5
COLUMNS = (
    "Body Name", "Payment Date", "Supplier Name", "Supplier ID", "Transaction Number", "Net Amount", "VAT Amount", "Expense Type",
    "Expense Area", "Department", "Description", "Merchant Category", "Supplier Postcode", "Cost Centre", "Line",
)  # fmt: skip
# share of the lines that break each rule; "line_is_not_repeated" doubles a line, "paid_twice" plants a duplicate payment
FAULTS = {
    "amount_is_present": 0.002, "amount_parses": 0.002, "amount_is_not_absurd": 0.0005, "payment_date_parses": 0.002,
    "payment_date_in_period": 0.002, "payee_is_not_blank": 0.002, "line_is_not_repeated": 0.001,
}  # fmt: skip
BLOCKING = ("amount_is_present", "amount_parses", "amount_is_not_absurd", "payment_date_in_period")
PAID_TWICE = 0.0005
_FIRST = (
    "Acorn Beacon Cedar Delta Evergreen Falcon Granite Harbour Ivy Juniper Kestrel Laurel Meridian Northgate Oakwood Pioneer"
    " Quantum Riverside Summit Thorn Unity Vale Willow Yarrow Zenith Albion Bridge Castle Dover Elm"
).split()
_SECOND = (
    "Care Building Medical Transport Legal Facilities Training Housing Energy Systems Consulting Engineering Education Recruitment"
    " Catering Security Waste Highways Pharmacy Software"
).split()
_THIRD = "Services Solutions Group Partners Associates Holdings Trust Supplies Contractors Management Agency Homes Projects".split()
_FORMS = {"Limited": "Ltd", "Ltd": "Limited", "PLC": "Public Limited Company", "LLP": "L.L.P.", "CIC": "C.I.C.", "": "Ltd"}
_TYPES: tuple[str, ...] = (
    "Agency staff", "Residential care", "Home care", "Consultancy", "Building maintenance", "Software", "Training", "Vehicle hire",
    "Legal fees", "Utilities", "Grants", "Fostering",
)  # fmt: skip
_AREAS: tuple[str, ...] = (
    "Adult Social Care", "Children", "Highways", "Estates", "ICT", "Public Health", "Community Safety", "Planning", "Finance",
    "Operations",
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What one file holds. `faults`: rule -> lines that break it."""

    file_name: str
    line_count: int
    accepted_count: int
    accepted_pennies: int
    quarantined_pennies: int
    faults: dict[str, int]


@lru_cache(maxsize=1)
def spellings() -> tuple[list[str], list[str]]:
    """Names, SPELLINGS of each supplier in turn, and the suppliers' company numbers ("" for one in four)."""
    random = np.random.default_rng([SEED, 1])
    names: list[str] = []
    numbers: list[str] = []
    seen: set[str] = set()
    forms = list(_FORMS)
    while len(numbers) < SUPPLIERS:
        stem = " ".join(str(random.choice(words)) for words in (_FIRST, _SECOND, _THIRD))
        stem += f" {chr(65 + random.integers(26))}{random.integers(10, 99)}" if stem in seen else ""
        if stem in seen:
            continue
        seen.add(stem)
        form = forms[int(random.integers(len(forms)))]
        slip = int(random.integers(1, len(stem) - 1))
        names += [
            f"{stem} {form}".strip(),
            f"{stem} {_FORMS[form]}".upper(),
            f"{stem.replace(' ', '  ', 1)} {form}".strip() + ".",
            f"{stem[:slip]}{stem[slip + 1 :]} {form}".strip(),
            f"{stem} {form} (Head Office)".replace("  ", " "),
        ]
        numbers.append("" if random.random() < 0.25 else f"{int(random.integers(1, 99_999_999)):08d}")
    return names, numbers


def agency_slug(agency: int) -> str:
    return f"bench-body-{agency + 1:02d}"


def year_name(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02d}"


def _texts(prefix: str, numbers: Any, suffix: str = "") -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), suffix, "")


def _coded(words: Sequence[str], codes: Any) -> pa.Array:
    return pa.array(words).take(pa.array(codes))


def _amounts(pennies: Any, commas: Any) -> pa.Array:
    """Pennies as text with two decimals; with thousands separators where `commas`."""
    pounds, rest = np.divmod(np.abs(pennies), 100)
    sign = pa.array(np.where(pennies < 0, "-", ""))
    whole = pc.cast(pa.array(pounds), pa.string())
    grouped = pc.replace_substring_regex(whole, r"^(\d+)(\d{3})$", r"\1,\2")
    cents = pc.utf8_slice_codeunits(pc.cast(pa.array(rest + 100), pa.string()), 1)
    return pc.binary_join_element_wise(sign, pc.if_else(pa.array(commas), grouped, whole), pa.scalar("."), cents, "")


def make(agency: int, year: int, count: int) -> tuple[pa.Table, Truth, list[dict[str, object]]]:
    """One return: its lines, what is true of them, and the payments in it that were made twice."""
    random = np.random.default_rng([SEED, 2, agency, year])
    first = date(year, 4, 1)
    days = [(first + timedelta(n)).strftime("%d/%m/%Y") for n in range((date(year + 1, 4, 1) - first).days)]
    day = random.integers(0, len(days), count)
    supplier = np.minimum((SUPPLIERS * random.random(count) ** 2.2).astype(np.int64), SUPPLIERS - 1)
    spelling = np.minimum(random.geometric(0.6, count) - 1, SPELLINGS - 1)
    pennies = np.round(np.exp(random.normal(7.0, 1.3, count)) * 100).astype(np.int64) + 50_000
    pennies = np.where(random.random(count) < 0.03, -pennies, pennies)  # credits
    fault = random.random(count)
    share = np.cumsum([0.0, *FAULTS.values()])
    broken = {rule: (fault >= share[i]) & (fault < share[i + 1]) for i, rule in enumerate(FAULTS)}
    twice = np.flatnonzero((random.random(count) < PAID_TWICE) & (fault >= share[-1]))
    twice = twice[twice > 50]
    line = np.arange(1, count + 1)
    for at in twice:  # the same payment again, up to fifty lines later than the first, under a number of its own
        before = at - int(random.integers(1, 50))
        day[at], supplier[at], spelling[at], pennies[at] = day[before], supplier[before], spelling[before], pennies[before]
    names, numbers = spellings()
    copies = np.flatnonzero(broken["line_is_not_repeated"])
    copies = copies[copies > 0]
    source = line - 1
    source[copies] -= 1  # the whole line before, line number and all
    amount = _amounts(pennies, random.random(count) < 0.3).to_pandas().to_numpy(dtype=object)
    amount[broken["amount_is_present"]] = ""
    amount[broken["amount_parses"]] = "see invoice"
    amount[broken["amount_is_not_absurd"]] = "20251231235959.00"
    dates = np.array(days, dtype=object)[day]
    dates[broken["payment_date_parses"]] = "31/02/2024"
    dates[broken["payment_date_in_period"]] = "01/06/2042"
    payees = pa.array(names).take(pa.array(supplier * SPELLINGS + spelling)).to_pandas().to_numpy(dtype=object)
    payees[broken["payee_is_not_blank"]] = ""
    area = random.integers(0, len(_AREAS), count)
    columns = {
        "Body Name": pa.repeat(pa.scalar(f"Bench Body {agency + 1:02d}"), count),
        "Payment Date": pa.array(dates, pa.string()),
        "Supplier Name": pa.array(payees, pa.string()),
        "Supplier ID": _coded(numbers, supplier),
        "Transaction Number": _texts("T", line + 1_000_000 * (agency + 1)),
        "Net Amount": pa.array(amount, pa.string()),
        "VAT Amount": _amounts(np.abs(pennies) // 5, np.zeros(count, dtype=bool)),
        "Expense Type": _coded(_TYPES, random.integers(0, len(_TYPES), count)),
        "Expense Area": _coded(_AREAS, area),
        "Department": _coded([f"{a} - {n}" for a in _AREAS for n in range(1000, 1025)], area * 25 + random.integers(0, 25, count)),
        "Description": _texts("Services rendered, order ", random.integers(100_000, 999_999, count)),
        "Merchant Category": _coded(["", "5111", "7011", "8999"], random.integers(0, 4, count)),
        "Supplier Postcode": _texts("EX", supplier % 20 + 1, " 4AB"),
        "Cost Centre": _texts("CC", random.integers(1000, 1400, count)),
        "Line": pc.cast(pa.array(line), pa.string()),
    }
    table = pa.table(columns).take(pa.array(source))
    return table, _truth(agency, year, pennies, broken, source), _paid_twice(agency, year, twice, line, pennies)


def _truth(agency: int, year: int, pennies: Any, broken: dict[str, Any], source: Any) -> Truth:
    count = len(pennies)
    marks = {rule: broken[rule][source] for rule in FAULTS if rule != "line_is_not_repeated"}
    repeated = np.concatenate([[False], source[1:] == source[:-1]])  # a copy of a line that is itself copied over repeats nothing
    absurd = np.int64(2_025_123_123_595_900)
    money = np.where(marks["amount_is_present"] | marks["amount_parses"], 0, pennies[source])
    money = np.where(marks["amount_is_not_absurd"], absurd, money)
    held = np.logical_or.reduce([marks[rule] for rule in BLOCKING])
    return Truth(
        f"{agency_slug(agency)}/spend/{agency_slug(agency)}-{year_name(year)}.csv",
        count,
        int((~held).sum()),
        int(money[~held].sum()),
        int(money[held].sum()),
        {rule: int(mark.sum()) for rule, mark in (marks | {"line_is_not_repeated": repeated}).items()},
    )


def _paid_twice(agency: int, year: int, twice: Any, line: Any, pennies: Any) -> list[dict[str, object]]:
    return [
        {"agency_slug": agency_slug(agency), "financial_year": year_name(year), "line": int(line[at]), "pennies": int(pennies[at])}
        for at in twice
    ]


def write(rows: int, folder: Path) -> list[Truth]:
    """The whole folder: `returns/` and `truth/`."""
    returns, truths, doubles = folder / "returns", [], list[dict[str, object]]()
    each, left = divmod(rows, AGENCIES * len(YEARS))
    for number, (agency, year) in enumerate((a, y) for a in range(AGENCIES) for y in YEARS):
        table, truth, paid = make(agency, year, each + (number < left))
        target = returns / truth.file_name
        target.parent.mkdir(parents=True, exist_ok=True)
        pa_csv.write_csv(table, target, pa_csv.WriteOptions(quoting_style="needed"))
        truths.append(truth)
        doubles += paid
    _write_rows(returns / "registry" / "agencies.csv", [_registry_row(agency) for agency in range(AGENCIES)])
    names, numbers = spellings()
    _write_rows(folder / "truth" / "files.csv", [{**vars(t), **t.faults, "faults": None} for t in truths])
    _write_rows(
        folder / "truth" / "paid_twice.csv", doubles or [{"agency_slug": "", "financial_year": "", "line": "", "pennies": ""}]
    )
    of_supplier = ({"supplier": n // SPELLINGS, "name": name, "number": numbers[n // SPELLINGS]} for n, name in enumerate(names))
    _write_rows(folder / "truth" / "suppliers.csv", list(of_supplier))
    return truths


def _registry_row(agency: int) -> dict[str, object]:
    return {
        "agency_slug": agency_slug(agency), "agency_name": f"Bench Body {agency + 1:02d}", "agency_type": "la_lower",
        "identifier_scheme": "synthetic", "identifier": f"X{agency + 1:08d}",
    }  # fmt: skip


def _write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(
            handle, [name for name in rows[0] if rows[0][name] is not None], extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m benchmarks.generate ROWS FOLDER")
    made = write(int(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(
        f"{len(made)} files, {sum(t.line_count for t in made):,} lines, {sum(t.accepted_count for t in made):,} of them right\n"
    )
