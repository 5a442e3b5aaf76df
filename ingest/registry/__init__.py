"""The registry: who publishes, who is who, where they serve, what headers mean. Data with validity dates, never code.

Belongs here: the shipped data (dbt seeds and the CSV files beside this module) together with what a returns folder adds under its
own `registry/`. A row of the folder wins over a shipped row with the same key. Files are in `rows`, look-ups in `tables`; which
rows are in force, in `loading`, `validation` and `cells`.
"""

from ingest.registry.loading import load_registry, refuse_faulty_policy
from ingest.registry.rows import EXTENSION_COLUMNS, HERE, POLICY, SEEDS, RegistryError, Row, read_rows
from ingest.registry.strangers import proposed_rows, stranger_words
from ingest.registry.tables import FileFacts, Registry, is_synthetic
from ingest.registry.validation import RegistryFault

__all__ = [
    "EXTENSION_COLUMNS", "HERE", "POLICY", "SEEDS", "FileFacts", "Registry", "RegistryError", "RegistryFault", "Row",
    "is_synthetic", "load_registry", "proposed_rows", "read_rows", "refuse_faulty_policy", "stranger_words",
]  # fmt: skip
