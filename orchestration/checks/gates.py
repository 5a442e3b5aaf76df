"""Gates: what must hold before a release goes out. They block; a bad return does not, it is held before.

Belongs here: checks over the whole warehouse. Each says what is wrong, where, and what to do.
"""

from typing import Any

import dagster as dg
import duckdb

from orchestration.metadata import table
from orchestration.resources import TotalPlace

CONSERVATION = dg.AssetKey("qa_conservation")


@dg.asset_check(
    asset=CONSERVATION,
    name="every_pound_is_in_one_place",
    description="file = accepted + quarantined + excluded, and accepted = consolidated + eliminated + not counted + income +"
    " unallocated, to the penny. Blocks the release.",
    blocking=True,
)
def every_pound_is_in_one_place(totalplace: TotalPlace) -> dg.AssetCheckResult:
    """The identities of the count, as the warehouse itself states them."""
    query = "select * from main.qa_conservation where difference_gbp is distinct from 0 order by all limit 50"
    with duckdb.connect(str(totalplace.home.warehouse), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        broken = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        counted = connection.execute("select count(*) from main.qa_conservation").fetchone()
    checked = counted[0] if counted else 0
    words = f"{checked} statements hold to the penny"
    if broken:
        words = (
            f"{len(broken)} of {checked} statements do not add up: the release is stopped;"
            " see qa_conservation in build/warehouse.duckdb of the home"
        )
    elif not checked:
        words = "there is no statement to check: nothing was counted, the release is stopped"
    metadata: dict[str, Any] = {"statements": checked, "broken": len(broken)}
    if broken:
        metadata["statements_that_do_not_add_up"] = table(dict.fromkeys(names, "string"), broken)
    return dg.AssetCheckResult(
        passed=bool(checked) and not broken, severity=dg.AssetCheckSeverity.ERROR, description=words, metadata=metadata
    )
