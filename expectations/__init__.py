"""The rules a return is held to, and Great Expectations as the engine that checks them.

    catalogue.csv   every rule, one row each: who must act, what to say to them, what GX checks
    catalogue       reads and validates that file; the only place that knows its columns
    wording         the words of a finding, from a rule's templates
    conditions      the small language of the `row_condition` column
    frames          which columns a frame must have, and the copy of it the engine works on
    suites          catalogue rules as GX expectation suites
    engine          the only module that imports great_expectations
    rendering       results as the content of a Great Expectations data docs page
    runner          run_rules: a frame in, one RuleResult for every rule out

Belongs here: deciding whether rows keep the rules. Does not belong here: reading files, building the frames,
holding rows or returns in quarantine, or anything of Dagster or dbt. To add a rule, add a row to the catalogue
and a passing and a failing case to tests/rules/rule_cases.py.
"""
