"""Asset checks: the rule catalogue as Dagster shows it, and the gates that must stop a release."""
