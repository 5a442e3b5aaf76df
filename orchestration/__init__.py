"""Orchestration: Dagster, the command line, the release. The only folder that imports dagster, and where the pieces meet."""
