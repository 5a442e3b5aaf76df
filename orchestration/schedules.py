"""The daily run: fetch what is due, land, check what is new, publish; at an hour that is a setting.

Belongs here: when. What follows a landing (checks, then a release) is started by the sensors, whoever started the landing.
"""

import os
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dagster as dg

from orchestration.jobs import LAND

AT_VARIABLE, ZONE_VARIABLE = "TOTALPLACE_DAILY_AT", "TOTALPLACE_TIMEZONE"
AT, ZONE = "06:00", "Europe/London"


def daily_schedule(environment: Mapping[str, str] | None = None) -> dg.ScheduleDefinition:
    """The schedule, at TOTALPLACE_DAILY_AT (a time of day like 06:00) in TOTALPLACE_TIMEZONE.

    Raises ValueError, with words for a person, for one that cannot be used.
    """
    given = os.environ if environment is None else environment
    at, zone = given.get(AT_VARIABLE) or AT, given.get(ZONE_VARIABLE) or ZONE
    matched = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if matched is None:
        raise ValueError(f"{AT_VARIABLE}={at}: give a time of day like {AT}")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{ZONE_VARIABLE}={zone}: give a time zone like {ZONE}") from error
    return dg.ScheduleDefinition(
        name="daily",
        job=LAND,
        cron_schedule=f"{int(matched[2])} {int(matched[1])} * * *",
        execution_timezone=zone,
        description="Every day: fetch the endpoints that are due, land, check what is new, publish.",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
