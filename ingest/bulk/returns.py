"""A large, regular file as a return: surveyed when it lands, split into plain and odd lines when it is checked.

Belongs here: what `ingest.reading` does for other files, from the survey's counts instead of rows in memory. One agency, one
period: a file of several is read line by line.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import cast

import pandas as pd

from ingest.bulk import NotRegular
from ingest.bulk.extract import PlainLines, Sieve, Writing, split_lines
from ingest.bulk.survey import Survey, find_shape, take_survey
from ingest.kinds import KINDS, Kind
from ingest.kinds.table import read_odd_lines
from ingest.lake import SCHEMAS, Provenance, flow_prefix
from ingest.landing import Receipt
from ingest.lines import type_lines
from ingest.parts import ReturnPart
from ingest.periods import decide_period, financial_year_of_line, months_of, spans_years
from ingest.reading import Note, Reading, synonyms_for
from ingest.recognition import recognise
from ingest.readers.cells import Sheet
from ingest.registry import FileFacts, Registry
from ingest.values.dates import Order, parse_date, vote_order

BULK_KINDS = ("spend", "procurement_card")
