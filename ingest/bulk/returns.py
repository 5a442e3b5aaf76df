"""A large, regular file as a return: surveyed when it lands, split into plain and odd lines when it is checked.

Belongs here: what `ingest.reading` does for other files, from the survey's counts instead of rows in memory. One agency, one
period: a file of several is read line by line.
"""

from __future__ import annotations

BULK_KINDS = ("spend", "procurement_card")
