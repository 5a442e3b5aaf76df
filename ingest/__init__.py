"""Intake: from published bytes to checked, typed lines.

Belongs here: landing, reading, header search, mapping, typing, the ledger, revisions. Plain Python: no dagster, no dbt,
no rules (those are `expectations`); the network only in `fetch`.
"""
