"""Rebuild the derived dbt seeds (`dbt_project/seeds/seed_*.csv`) from published reference tables, hand-kept facts and returns, and
the shipped endpoints (`ingest/registry/endpoints.csv`) from the index of the returns.

Run `python -m ingest.registry.rebuild REFERENCE_FOLDER RETURNS_FOLDER`. The same inputs give the same bytes.

Belongs here: how codes, names, dates, populations and memberships become seeds. Facts that no reference table carries (areas of
forces, waste and park authorities, catchments, pilot members, dates, spellings) are rows of `facts/*.csv`, each with its `source`;
they lie in their own folder so that they do not count in the fingerprint of the registry, which is of what intake reads.
Must not: judgements (themes, transfer rules, funding routes, redaction words, discretion, service lines). Those seeds are kept by
hand in `dbt_project/seeds` and never rewritten.
"""
