"""Register numbers beside a name in a ledger, told from a ledger's own vendor numbers by their form.

| scheme | written |
|---|---|
| `company` | GB-COH-..., eight digits that begin with 0, or a register's two letters and six digits (SC123456, OC301234) |
| `charity` | GB-CHC-..., GB-SC-..., GB-NIC-... |
| `vat` | GB and nine or twelve digits |
| `gss` | a letter of a country and eight digits (E07000120) |
| `ods` | GB-NHS-..., or a practice's letter and five digits |

Belongs here: one text to `scheme:value`. Must not: guess. Eight digits that begin with another figure are mostly a vendor's number,
so they count only where the return says what they are.
"""

from __future__ import annotations

import re

_COMPANY_LETTERS = "AC|CE|CS|FC|FE|GE|GN|IC|IP|LP|NC|NF|NI|NL|NO|NP|NR|OC|OE|PC|R0|RC|RS|SA|SC|SE|SF|SI|SL|SO|SP|SR|SZ|ZC"
_FORMS = (
    ("company", re.compile(r"GB-?COH-?([A-Z0-9]{6,8})")),
    ("charity", re.compile(r"GB-?CHC-?(\d{6,8})")),
    ("charity", re.compile(r"GB-?SC-?(SC\d{6})")),
    ("charity", re.compile(r"GB-?NIC-?(\d{5,7})")),
    ("ods", re.compile(r"GB-?NHS-?([A-Z0-9]{3,6})")),
    ("company", re.compile(rf"(0\d{{7}}|(?:{_COMPANY_LETTERS})\d{{6}})")),
    ("vat", re.compile(r"(GB\d{9}(?:\d{3})?)")),
    ("gss", re.compile(r"([EWSN]\d{8})")),
    ("ods", re.compile(r"([A-HJ-NPR-Y]\d{5})")),
)


def parse_identifier(text: str) -> str:
    """`scheme:value`, or "" when the text is no register number that can be told by its form."""
    written = "".join(text.upper().split())
    if written.isdigit() and written.isascii() and not (len(written) == 8 and written[0] == "0"):
        return ""  # a vendor's number, as nearly all are: of digits alone only a company's is told
    for scheme, form in _FORMS:
        found = form.fullmatch(written)
        if found:
            value = found.group(1)
            return f"{scheme}:{value.zfill(8) if scheme == 'company' and value.isdigit() else value}"
    return ""
