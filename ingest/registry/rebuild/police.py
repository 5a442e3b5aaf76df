"""Police authorities, and the police and crime commissioners that followed them, from `facts/police_forces.csv`.

Contract: two agencies for each force; the day of the change is in `facts/dates.csv`. Where a combined authority took over the
police, the commissioner ends on that day, and the names that ledgers use afterwards are aliases of the combined authority
(`facts/combined_authorities.csv`).
"""

from __future__ import annotations

from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.names import slugify
from ingest.registry.rebuild.tables import date_of, facts

COLUMNS = "force_name authority_ecode commissioner_ecode area commissioner_valid_to"
SERVICE = "03.1"
# the workbook in which the E-codes stand
AUTHORITY_SOURCE = "MHCLG revenue outturn 2010-11"
COMMISSIONER_SOURCE = "MHCLG revenue outturn 2014-15"


def commissioner_aliases(name: str) -> list[str]:
    """Spellings of the commissioner of a force and of what the commissioner pays for."""
    return [
        f"Police and Crime Commissioner for {name}",
        f"Office of the Police and Crime Commissioner for {name}",
        f"Police and Crime Commissioner {name}",
        f"{name} PCC",
        f"PCC {name}",
        f"PCC for {name}",
        f"{name} Police and Crime Commissioner and Chief Constable",
        f"Chief Constable of {name}",
        f"{name} Police",
        f"{name} Constabulary",
        f"{name} Police Authority",
    ]


def police(geography: Geography) -> list[Agency]:
    """The police authority and the commissioner of every force."""
    first_day = date_of("police_and_crime_commissioners")
    agencies: list[Agency] = []
    for row in facts("police_forces", COLUMNS):
        name, end = row["force_name"], row["commissioner_valid_to"]
        authority, commissioner = f"{name} Police Authority", f"{name} Police and Crime Commissioner"
        agencies.append(
            Agency(
                slug=slugify(authority),
                name=authority,
                kind="police",
                identifiers=[("ecode", row["authority_ecode"])],
                source=AUTHORITY_SOURCE,
                service=SERVICE,
                valid_to=first_day,
                places=geography.codes_within(row["area"], "", first_day),
                place_source=row["source"],
            )
        )
        agencies.append(
            Agency(
                slug=slugify(commissioner),
                name=commissioner,
                kind="police",
                identifiers=[("ecode", row["commissioner_ecode"])],
                source=COMMISSIONER_SOURCE,
                aliases=commissioner_aliases(name),
                service=SERVICE,
                valid_from=first_day,
                valid_to=end,
                places=geography.codes_within(row["area"], first_day, end),
                place_source=row["source"],
            )
        )
    return agencies
