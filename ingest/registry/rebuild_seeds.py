"""Rebuild the derived dbt seeds from the published reference tables.

Run ``python -m ingest.registry.rebuild_seeds REFERENCE_FOLDER RETURNS_FOLDER``. What belongs here: how codes, names,
dates, populations and memberships become ``dbt_project/seeds/seed_*.csv``, and the facts that no reference table
carries (force areas, waste and transport areas, park areas, dates of combined authorities), each kept as one compact
line and marked ``own knowledge`` in the ``source`` column. What must not: judgements (themes, transfer rules, funding
routes, redaction words, discretion, service lines), which are kept by hand in their own CSV and are never rewritten.

Two facts carry most of the geography. The E-code of an authority starts with its historic county (``E23`` Lancashire),
and every force, fire and county area is a set of such counties; so an area is written as its county numbers.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
OWN = "own knowledge"
MYSOCIETY = "mySociety UK local authority names and codes"
ONS = "ONS geography lookups"

# -------------------- places

PLACE_TYPES = {
    "E06": "unitary",
    "E07": "non_metropolitan_district",
    "E08": "metropolitan_district",
    "E09": "london_borough",
}
METROPOLITAN_COUNTIES = {
    "42": "Greater Manchester",
    "43": "Merseyside",
    "44": "South Yorkshire",
    "45": "Tyne and Wear",
    "46": "West Midlands",
    "47": "West Yorkshire",
    "50": "Greater London",
}
# Every change of a district or unitary code since 1 April 2009: date, kind, new code, the codes it replaced.
PLACE_CHANGES = """
2012-04-01 recode E07000240 E07000100
2012-04-01 recode E07000241 E07000104
2013-04-01 recode E06000057 E06000048
2013-04-01 recode E07000242 E07000097
2013-04-01 recode E07000243 E07000101
2013-04-01 recode E08000037 E08000020
2019-04-01 merge E06000058 E06000028 E06000029 E07000048
2019-04-01 merge E06000059 E07000049 E07000050 E07000051 E07000052 E07000053
2019-04-01 merge E07000244 E07000205 E07000206
2019-04-01 merge E07000245 E07000201 E07000204
2019-04-01 merge E07000246 E07000190 E07000191
2020-04-01 merge E06000060 E07000004 E07000005 E07000006 E07000007
2021-04-01 merge E06000061 E07000150 E07000152 E07000153 E07000156
2021-04-01 merge E06000062 E07000151 E07000154 E07000155
2023-04-01 merge E06000063 E07000026 E07000028 E07000029
2023-04-01 merge E06000064 E07000027 E07000030 E07000031
2023-04-01 merge E06000065 E07000163 E07000164 E07000165 E07000166 E07000167 E07000168 E07000169
2023-04-01 merge E06000066 E07000187 E07000188 E07000189 E07000246
2025-04-01 recode E08000038 E08000016
2025-04-01 recode E08000039 E08000019
"""
FORMED_2009 = "E06000047 E06000048 E06000049 E06000050 E06000051 E06000052 E06000054 E06000055 E06000056".split()
# Authorities formed after the last return that carries E-codes: the historic county of each.
COUNTY_OF_NEW = {
    "E06000058": "12",
    "E06000059": "12",
    "E06000060": "04",
    "E06000061": "28",
    "E06000062": "28",
    "E06000063": "09",
    "E06000064": "09",
    "E06000065": "27",
    "E06000066": "33",
    "E07000244": "35",
    "E07000245": "35",
    "E07000246": "33",
    "E06000053": "08",
}
# Census 2011 of districts abolished before the district table was drawn up (2021 boundaries); the parts of every
# successor must add up to the published figure of the successor, which `populations` checks.
CENSUS_2011_ABOLISHED = """
E06000028 183491 E06000029 147645 E07000048 47752
E07000049 87166 E07000050 68583 E07000051 44973 E07000052 99264 E07000053 65167
E07000004 174137 E07000005 92635 E07000006 66867 E07000007 171644
E07000150 61255 E07000152 86765 E07000153 93475 E07000156 75356
E07000151 77843 E07000154 212069 E07000155 85189
E07000201 59748 E07000204 111008 E07000205 124298 E07000206 115254
E07000190 110187 E07000191 34675
"""

# -------------------- agencies

# Police force areas: E-code suffix of the police authority and of the commissioner, name | historic counties | end.
POLICE = """
02 02 Bedfordshire | 02
05 05 Cambridgeshire | 05
06 06 Cheshire | 06
07 07 Cleveland | 07
09 09 Cumbria | 09
10 10 Derbyshire | 10
12 12 Dorset | 12
13 13 Durham | 13
71 15 Essex | 15
16 16 Gloucestershire | 16
72 19 Hertfordshire | 19
20 20 Humberside | 20
22 22 Kent | 22
23 23 Lancashire | 23
24 24 Leicestershire | 24
25 25 Lincolnshire | 25
26 26 Norfolk | 26
27 27 North Yorkshire | 27 | 2024-05-07
28 28 Northamptonshire | 28
30 30 Nottinghamshire | 30
34 34 Staffordshire | 34
35 35 Suffolk | 35
73 36 Surrey | 36
37 37 Warwickshire | 37
39 39 Wiltshire | 39
42 42 Greater Manchester | 42 | 2017-05-08
43 43 Merseyside | 43
44 44 South Yorkshire | 44 | 2024-05-07
45 45 Northumbria | 29 45
46 46 West Midlands | 46
47 47 West Yorkshire | 47 | 2021-05-10
50 50 Avon and Somerset | 01 33
51 51 Devon and Cornwall | 08 11
52 52 Hampshire | 17 21
53 53 Sussex | 14 38
54 54 Thames Valley | 03 04 31
55 55 West Mercia | 18 32
"""
PCC_START = "2012-11-22"
# Fire and rescue authorities: E-code (or -), name, historic counties, start, end.
FIRE = """
E6101 Avon | 01
E6102 Bedfordshire | 02
E6103 Berkshire | 03
E6104 Buckinghamshire | 04
E6105 Cambridgeshire | 05
E6106 Cheshire | 06
E6107 Cleveland | 07
E6110 Derbyshire | 10
E6112 Dorset | 12 | | 2016-04-01
E6113 Durham | 13
E6114 East Sussex | 14
E6115 Essex | 15
E6117 Hampshire | 17 | | 2021-04-01
E6118 Hereford and Worcester | 18
E6120 Humberside | 20
E6122 Kent | 22
E6123 Lancashire | 23
E6124 Leicestershire | 24
E6127 North Yorkshire | 27 | | 2024-05-07
E6130 Nottinghamshire | 30
E6132 Shropshire | 32
E6134 Staffordshire | 34
E6139 Wiltshire | 39 | | 2016-04-01
E6142 Greater Manchester | 42 | | 2017-05-08
E6143 Merseyside | 43
E6144 South Yorkshire | 44
E6145 Tyne and Wear | 45
E6146 West Midlands | 46
E6147 West Yorkshire | 47
E6161 Devon and Somerset | 11 33
- Dorset and Wiltshire | 12 39 | 2016-04-01
- Northamptonshire | 28 | 2019-01-01
- Hampshire and Isle of Wight | 17 21 | 2021-04-01
- Cumbria | 09 | 2023-04-01
"""
# Waste, transport and park authorities: E-code, service, name | other names | places or counties | start | end.
JOINT_BODIES = """
E6201 05.1 East London Waste Authority | | E09000002 E09000016 E09000025 E09000026
E6202 05.1 Greater Manchester Waste Disposal Authority | Greater Manchester Waste Authority | E08000001 E08000002 \
E08000003 E08000004 E08000005 E08000006 E08000007 E08000008 E08000009 | | 2018-04-01
E6204 05.1 Merseyside Waste Disposal Authority | Merseyside Waste Authority; Merseyside Recycling and Waste \
Authority | 43
E6205 05.1 North London Waste Authority | | E09000003 E09000007 E09000010 E09000012 E09000014 E09000019 E09000031
E6206 05.1 Western Riverside Waste Authority | | E09000013 E09000020 E09000022 E09000032
E6207 05.1 West London Waste Authority | | E09000005 E09000009 E09000015 E09000017 E09000018 E09000027
E6342 04.5 Greater Manchester Integrated Transport Authority | Greater Manchester Passenger Transport Authority | \
42 | | 2011-04-01
E6343 04.5 Merseyside Integrated Transport Authority | Merseyside Passenger Transport Authority | 43 | | 2014-04-01
E6344 04.5 South Yorkshire Integrated Transport Authority | South Yorkshire Passenger Transport Authority | 44 | | \
2014-04-01
E6345 04.5 Tyne and Wear Integrated Transport Authority | Tyne and Wear Passenger Transport Authority | 45 | | \
2014-04-15
E6346 04.5 West Midlands Integrated Transport Authority | West Midlands Passenger Transport Authority | 46 | | \
2016-06-17
E6347 04.5 West Yorkshire Integrated Transport Authority | West Yorkshire Passenger Transport Authority | 47 | | \
2014-04-01
E6401 05.4 Dartmoor National Park Authority | | E07000042 E07000044 E07000045 E07000047
E6402 05.4 Exmoor National Park Authority | | E07000043 E07000191
E6403 05.4 Lake District National Park Authority | | E07000026 E07000029 E07000030 E07000031
E6404 05.4 North York Moors National Park Authority | | E06000003 E07000164 E07000167 E07000168
E6405 05.4 Northumberland National Park Authority | | E06000048
E6406 05.4 Peak District National Park Authority | | E06000049 E07000035 E07000037 E07000038 E07000198 E08000004 \
E08000016 E08000019 E08000034
E6407 05.4 Yorkshire Dales National Park Authority | | E07000030 E07000031 E07000121 E07000163 E07000166
E6408 05.4 Broads Authority | Broads, The | E07000144 E07000145 E07000147 E07000148 E07000149 E07000206
E6409 05.4 New Forest National Park Authority | | E06000054 E07000091 E07000093
E6410 05.4 South Downs National Park Authority | | E06000043 E07000061 E07000063 E07000065 E07000085 E07000094 \
E07000223 E07000224 E07000225 E07000227 E07000228 E07000229
E6803 05.4 Lee Valley Regional Park Authority | | E07000072 E07000095 E07000097 E09000010 E09000012 E09000014 \
E09000025 E09000030 E09000031
"""
PARK_GSS = dict(zip([f"E64{n:02d}" for n in range(1, 11)], "1 2 3 5 4 6 8 7 9 10".split(), strict=True))
# Combined authorities: E-code (or -), GSS code (or -), name | other names | places or counties | start | end.
COMBINED = """
E6348 E47000001 Greater Manchester Combined Authority | GMCA; Greater Manchester Combined Authori | 42 | 2011-04-01
E6350 E47000002 South Yorkshire Mayoral Combined Authority | The Barnsley, Doncaster, Rotherham and Sheffield \
Combined Authority; Sheffield City Region Combined Authority; Sheffield City Region Mayoral Combined Authority; \
SYMCA | 44 | 2014-04-01
E6353 E47000003 West Yorkshire Combined Authority | | 47 | 2014-04-01
E6349 E47000004 Liverpool City Region Combined Authority | Liverpool City Region; The Halton, Knowsley, Liverpool, \
St Helens, Sefton and Wirral Combined Authority | E06000006 43 | 2014-04-01
E6351 E47000005 North East Combined Authority | The Durham, Gateshead, Newcastle, North Tyneside, Northumberland, \
South Tyneside and Sunderland Combined Authority | E06000047 E06000048 45 | 2014-04-15 | 2018-11-02
- E47000010 North East Combined Authority (south of Tyne) | | E06000047 E08000020 E08000023 E08000024 | 2018-11-02 \
| 2024-05-07
- E47000011 North of Tyne Combined Authority | | E06000048 E08000021 E08000022 | 2018-11-02 | 2024-05-07
- E47000014 North East Mayoral Combined Authority | | E06000047 E06000048 45 | 2024-05-07
- E47000006 Tees Valley Combined Authority | | 07 E06000005 | 2016-04-01
- E47000007 West Midlands Combined Authority | WMCA | 46 | 2016-06-17
- E47000008 Cambridgeshire and Peterborough Combined Authority | | 05 | 2017-03-03
- E47000009 West of England Combined Authority | | E06000022 E06000023 E06000025 | 2017-02-09
- E47000012 York and North Yorkshire Combined Authority | York and North Yorkshire Mayoral Combined Authority | 27 \
| 2024-02-01
- E47000013 East Midlands Combined County Authority | East Midlands County Combined Authority | 10 30 | 2024-02-28
- E47000016 Hull and East Yorkshire Combined Authority | Hull and East Yorkshire Mayoral Combined Authority | \
E06000010 E06000011 | 2025-02-05
- E47000017 Greater Lincolnshire Combined County Authority | | 25 E06000012 E06000013 | 2025-02-05
- - Lancashire Combined County Authority | | 23 | 2025-02-05
- - Devon and Torbay Combined County Authority | | E06000027 D11 | 2025-02-05
"""
# Police functions that a combined authority took over: commissioner -> the names ledgers use for it afterwards.
POLICE_AFTER = {
    "greater-manchester-combined-authority": [
        "Greater Manchester Police",
        "Greater Manchester Police Authority",
        "Greater Manchester Combined Authority - GMP",
        "Greater Manchester Combnied Authority - GMP",
    ],
    "west-yorkshire-combined-authority": [],
    "south-yorkshire-mayoral-combined-authority": ["SYMCA - Police"],
}
# National bodies: slug (blank: from the name), type, scheme:identifier, name | aliases | start | end.
NATIONAL = """
dwp govuk:D10 Department for Work and Pensions | DWP; Department for Work & Pensions; Department of Work and \
Pensions; DWP Debt Management; DWP - Job Centre Plus; Jobcentre Plus; Job Centre Plus
central_department govuk:D25 HM Revenue and Customs | HMRC; HMRC Cumbernauld; HMRC Shipley; HM Revenues & Customs \
Only; HM Revenues and Customs; Inland Revenue; Inland Revenue CIS; Her Majesty's Revenue and Customs; His Majesty's \
Revenue and Customs
central_department govuk:D4 Ministry of Housing, Communities and Local Government | MHCLG; DLUHC; DCLG; Department \
for Communities and Local Government; Department of Communities and Local Government; Department for Levelling Up, \
Housing and Communities; Department of Levelling Up, Housing and Communities; Department For Levelling Up, Housing; \
(DD) Department of Levelling Up, Housing & Comm...
central_department govuk:D16 Home Office | Home Office - AFU Cash Management; Home Office - National DNA Delivery \
Unit; The Home Office
central_department govuk:D6 Department for Education | DfE
central_department govuk:D12 Department of Health and Social Care | DHSC; Department of Health; Department for \
Health and Social Care
central_department govuk:D15 HM Treasury | HMT; Her Majesty's Treasury; His Majesty's Treasury
central_department govuk:D18 Ministry of Justice | MoJ
central_department govuk:D17 Ministry of Defence | MoD
central_department govuk:D9 Department for Transport | DfT
central_department govuk:D7 Department for Environment, Food and Rural Affairs | DEFRA
central_department govuk:D2 Cabinet Office | The Cabinet Office
central_department govuk:D13 Foreign, Commonwealth and Development Office | FCDO; Foreign and Commonwealth Office
central_department govuk:D5 Department for Culture, Media and Sport | DCMS; Department for Digital, Culture, Media \
and Sport
central_department govuk:D3 Department for Business, Innovation and Skills | BIS; Department for Business \
Innovation & Skills | 2009-06-05 | 2016-07-14
central_department govuk:D11 Department of Energy and Climate Change | DECC | 2008-10-03 | 2016-07-14
central_department govuk:D1198 Department for Business, Energy and Industrial Strategy | BEIS | 2016-07-14 | \
2023-02-07
central_department govuk:D1196 Department for International Trade | DIT | 2016-07-14 | 2023-02-07
central_department : Department for Business and Trade | DBT; Department For Business And Trade (Dbt) | 2023-02-07
central_department : Department for Energy Security and Net Zero | DESNZ; Department For Energy Security And Net \
Zero (Desnz) | 2023-02-07
central_department : Department for Science, Innovation and Technology | DSIT | 2023-02-07
arms_length_body govuk:PB130 Engineering and Physical Sciences Research Council | EPSRC; UKRI - Engineering And \
Physical Sciences Research Council
"""
# Health bodies of the returns folder and of Lancashire: slug | ODS | type | name | aliases | places | start | end.
HEALTH = """
barts-health-nhs-trust | R1H | nhs_provider | Barts Health NHS Trust | | E09000025 E09000030 E09000031 | 2012-04-01
croydon-health-services-nhs-trust | RJ6 | nhs_provider | Croydon Health Services NHS Trust | | E09000008
epsom-and-st-helier-nhs-trust | RVR | nhs_provider | Epsom and St Helier University Hospitals NHS Trust | Epsom and \
St Helier NHS Trust; Epsom & ST Helier University Hospital | E07000208 E07000210 E09000024 E09000029
east-lancashire-hospitals-nhs-trust | RXR | nhs_provider | East Lancashire Hospitals NHS Trust | | E06000008 \
E07000117 E07000120 E07000122 E07000124 E07000125
lancashire-and-south-cumbria-nhs-foundation-trust | RW5 | nhs_provider | Lancashire & South Cumbria NHS Foundation \
Trust | Lancashire Care NHS Foundation Trust | 23 E07000027 E07000031
barking-and-dagenham-ccg | 07L | nhs_commissioner | NHS Barking and Dagenham CCG | Barking and Dagenham Clinical \
Commissioning Group; Barking and Dagenham CCG | E09000002 | 2013-04-01 | 2021-04-01
nhs-gloucestershire-ccg | 11M | nhs_commissioner | NHS Gloucestershire CCG | Gloucestershire Clinical Commissioning \
Group | D16 | 2013-04-01 | 2022-07-01
nhs-somerset-ccg | 11X | nhs_commissioner | NHS Somerset CCG | Somerset Clinical Commissioning Group | D33 | \
2013-04-01 | 2022-07-01
"""
ICB_START = "2022-07-01"
ICB_MINIMUM_SHARE = 0.2  # of the registered patients of a district: below it, a practice list crosses a boundary
SLUGS = {  # the folder of the agency where it differs from its official name
    "Trafford Metropolitan Borough Council": "trafford-council",
    "Lancashire Fire and Rescue Authority": "lancashire-fire-and-rescue",
}
US_DATES = {"epsom-and-st-helier-nhs-trust"}
# Spellings seen in published ledgers that no rule below makes, each for one body.
SEEN = {
    "lancashire-county-council": [
        "Lancashire County Council (Direct Debit Payments)",
        "LANCASHIRE COUNTY COUNCIL (200398)",
        "LCC",
    ],
    "lancashire-fire-and-rescue": [
        "Lancashire Fire & Rescue",
        "Lancashire Fire and Rescue Service",
        "Lancashire Combined Fire Authority",
    ],
    "blackburn-with-darwen-borough-council": [
        "Blackburn with Darwen B.C.",
        "Blackburn with Darwen Council",
        "Blackburn with Darwen BC",
    ],
    "ribble-valley-borough-council": ["(DD ONLY) Ribble Valley Borough Council", "Ribble Valley B.C."],
    "pendle-borough-council": ["Borough of Pendle"],
    "lancaster-city-council": ["LANCASTER CITY COUNCIL [17340]", "LANCASTER CITY COUNCIL (NON DOMESTIC RATES ONLY)"],
    "blackpool-borough-council": ["Blackpool Council"],
    "stockport-metropolitan-borough-council": ["Stockport MBC (Accts Receiveable)"],
    "hampshire-police-and-crime-commissioner": [
        "Police & Crime Comissioner for Hampshire",
        "Police & Crime Comissioner Hampshire & IOW",
    ],
    "cleveland-police-and-crime-commissioner": ["Police & Crime Commissioner for Cleveland Police"],
    "west-midlands-police-and-crime-commissioner": ["PCC West Midlands Police"],
    "devon-and-cornwall-police-and-crime-commissioner": [
        "PCC Devon & Cornwall (Formerly known aa Devon & Cornwall Police Authorty)"
    ],
    "vale-of-white-horse-district-council": ["Vale of the White Horse District Council"],
    "west-oxfordshire-district-council": ["West Oxfordshire District Council General A/C"],
    "gloucester-city-council": ["Gloucester City Council Gloucester"],
    "essex-fire-and-rescue-authority": ["Essex County Fire and Rescue Service"],
    "staffordshire-county-council": ["Staffordshire CC (Highways Lab)"],
    "southend-on-sea-borough-council": ["Southend Borough Council", "Southend-on-Sea City Council"],
    "milton-keynes-council": ["Milton Keynes City Council"],
    "city-of-westminster": ["Westminster City Council"],
    "newcastle-city-council": ["Newcastle upon Tyne City Council"],
    "city-of-bradford-metropolitan-district-council": ["Bradford Metropolitan District Council"],
    "nhs-bristol-north-somerset-and-south-gloucestershire-integrated-care-board": [
        "NHS Bristol North Somerset and South Gloucestershire ICB"
    ],
}

# -------------------- areas by hand

TOTAL_PLACE = """
TP-BIRMINGHAM Birmingham | E08000025
TP-BRADFORD Bradford | E08000032
TP-COVENTRY-SOLIHULL-WARWICKSHIRE Coventry, Solihull and Warwickshire | E08000026 E08000029 37
TP-CROYDON Croydon | E09000008
TP-DORSET-POOLE-BOURNEMOUTH Dorset, Poole and Bournemouth | 12
TP-DURHAM Durham | E06000047
TP-GATESHEAD-SOUTH-TYNESIDE-SUNDERLAND Gateshead, South Tyneside and Sunderland | E08000020 E08000023 E08000024
TP-KENT Kent | D22
TP-LEICESTER-LEICESTERSHIRE Leicester and Leicestershire | E06000016 D24
TP-LEWISHAM Lewisham | E09000023
TP-LUTON-CENTRAL-BEDFORDSHIRE Luton and Central Bedfordshire | E06000032 E06000056
TP-MANCHESTER-CITY-REGION Manchester City Region with Warrington | 42 E06000007
TP-WORCESTERSHIRE Worcestershire | D18
"""
LIGHT_TOUCH = """
LT-SOMERSET Somerset | D33
LT-GLOUCESTERSHIRE Gloucestershire | D16
LT-CORNWALL Cornwall | E06000052
LT-SWINDON-WILTSHIRE Swindon and Wiltshire | E06000030 E06000054
LT-DEVON-TORBAY-PLYMOUTH Devon with Torbay and Plymouth | 11
LT-WEST-OF-ENGLAND West of England | 01
"""


@dataclass(frozen=True)
class Place:
    """One district or unitary code; dates are half-open and blank when open."""

    code: str
    name: str
    region: str
    county_number: str
    valid_from: str
    valid_to: str


@dataclass
class Agency:
    """One body that spends; `places` are the place codes it serves, all of its money where the driver is `boundary`."""

    slug: str
    name: str
    kind: str
    identifiers: list[tuple[str, str]]
    source: str
    aliases: list[str] = field(default_factory=list[str])
    service: str = ""
    valid_from: str = ""
    valid_to: str = ""
    places: list[str] = field(default_factory=list[str])
    driver: str = "population"
    place_source: str = ""


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a UTF-8 CSV (with or without byte order mark) as text."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def write_seed(name: str, columns: str, rows: Iterable[Iterable[object]]) -> int:
    """Write one seed as UTF-8 with LF line ends; returns the number of rows."""
    texts = [[str(value) for value in row] for row in rows]
    with (SEEDS / f"seed_{name}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(texts)
    return len(texts)


def slugify(name: str) -> str:
    """`Blackburn with Darwen Borough Council` -> `blackburn-with-darwen-borough-council`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ").replace("'", "")).strip("-")


def normalised_name(name: str) -> str:
    """The key payees are matched on: the same steps as the warehouse's macro."""
    text = name.upper().replace("&", " AND ").strip()
    text = re.sub(r"\s*[\(\[][^\)\]]*[\)\]]?\s*$", "", text)
    text = re.sub(r"[^A-Z0-9]+", " ", text)
    text = re.sub(r"\b(LIMITED|LTD|PLC|LLP|THE)\b", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def lines(block: str) -> list[list[str]]:
    """A block of facts as rows of stripped fields between bars."""
    return [[part.strip() for part in line.split("|")] for line in block.strip().splitlines()]


def pad(parts: list[str], size: int) -> list[str]:
    """Fill a short row of facts with blanks."""
    return parts + [""] * (size - len(parts))


def overlaps(from_a: str, to_a: str, from_b: str, to_b: str) -> bool:
    """Do two half-open periods share a day? Blank is open."""
    return (not to_a or not from_b or from_b < to_a) and (not to_b or not from_a or from_a < to_b)


class Geography:
    """Places with their changes; `resolve` turns compact area facts into place codes."""

    def __init__(self, reference: Path) -> None:
        folder = reference / "reference_geography"
        lookup = [row for row in read_csv(folder / "drkane__la_all_codes.csv") if row["LADCD"][:3] in PLACE_TYPES]
        self.registry = [
            row for row in read_csv(folder / "mysociety__uk_local_authorities.csv") if row["nation"] == "England"
        ]
        ends: dict[str, str] = {}
        starts: dict[str, str] = {}
        starts.update((code, "2009-04-01") for code in FORMED_2009)
        self.changes: list[tuple[str, str, str, str]] = []
        for line in PLACE_CHANGES.strip().splitlines():
            date, kind, successor, *old = line.split()
            starts[successor] = date
            for code in old:
                ends[code] = date
                self.changes.append((code, successor, kind, date))
        number = {row["gss-code"]: row["ecode"][1:3] for row in self.registry if row["ecode"]} | COUNTY_OF_NEW
        for old_code, new_code, kind, _ in self.changes:
            if kind == "recode":
                known = number.get(old_code) or number[new_code]
                number[old_code] = number[new_code] = known
        self.places = {
            row["LADCD"]: Place(
                row["LADCD"],
                row["LADNM"],
                row["RGNNM"],
                number[row["LADCD"]],
                starts.get(row["LADCD"], ""),
                ends.get(row["LADCD"], ""),
            )
            for row in lookup
        }
        self._check_against_registry(ends)

    def _check_against_registry(self, ends: dict[str, str]) -> None:
        """The hand-kept dates must agree with the published ones once 31 March is read as 1 April."""
        for row in self.registry:
            code, end = row["gss-code"], row["end-date"]
            if code in self.places and end:
                year = end[:4]
                if ends.get(code) != f"{year}-04-01":
                    raise ValueError(f"{code} ends {end} in the registry, {ends.get(code)} here")

    def successors(self, code: str) -> list[str]:
        """All codes that later stand on the ground of a code, the code first."""
        found = [code]
        for old, new, _, _ in self.changes:
            if old in found and new not in found:
                found.append(new)
        return found

    def resolve(self, facts: str) -> list[str]:
        """Place codes of an area: `23` a historic county, `D23` its districts, `E06...` a code and its successors."""
        codes: list[str] = []
        for fact in facts.split():
            if fact.startswith("E"):
                codes += self.successors(fact)
            elif fact.startswith("D"):
                codes += [p.code for p in self.places.values() if p.county_number == fact[1:] and p.code[:3] == "E07"]
                codes += [new for old, new, _, _ in self.changes if old in codes]
            else:
                codes += [p.code for p in self.places.values() if p.county_number == fact]
        return sorted(set(codes))

    def within(self, codes: list[str], valid_from: str, valid_to: str) -> list[Place]:
        """The places of a list that are valid at some time of a period."""
        chosen = [self.places[code] for code in codes]
        return [p for p in chosen if overlaps(p.valid_from, p.valid_to, valid_from, valid_to)]


# -------------------- building blocks


def revenue_outturn_codes(returns: Path) -> dict[str, str]:
    """E-code -> name of every authority in the revenue outturn workbooks (the latest name wins)."""
    found: dict[str, str] = {}
    for path in sorted((returns / "mhclg-revenue-outturn").rglob("*.xls")):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheet = next(name for name in book.sheet_names if name.endswith("(1)"))
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        header = next(row for row in rows if row[0] == "E-code")
        name_at = header.index("Local authority")
        for row in rows:
            if re.fullmatch(r"E\d{4}", str(row[0])):
                found[str(row[0])] = str(row[name_at]).strip()
    return found


def council_aliases(name: str, nice: str, metropolitan_or_unitary: bool) -> list[str]:
    """Spellings of a council's own name that cannot mean another body."""
    short = {
        "County Council": "CC",
        "Metropolitan Borough Council": "MBC",
        "Metropolitan District Council": "MDC",
        "Borough Council": "BC",
        "District Council": "DC",
    }
    aliases: list[str] = []
    for suffix, initials in short.items():
        if name.endswith(suffix):
            stem = name.removesuffix(suffix).strip()
            aliases.append(f"{stem} {initials}")
            if suffix.startswith("Metropolitan"):
                aliases += [f"{stem} Borough Council", f"Metropolitan Borough of {stem}"]
            break
    if name.startswith("London Borough of "):
        stem = name.removeprefix("London Borough of ")
        aliases += [f"{stem} Council", f"{stem} London Borough Council", f"LB {stem}"]
    elif metropolitan_or_unitary and not name.endswith("County Council"):
        aliases.append(f"{nice} Council")
        if name.startswith("City of "):
            aliases.append(f"{nice} City Council")
    return [alias for alias in aliases if alias != name]


def councils(geography: Geography) -> list[Agency]:
    """Every principal council since 2009; a recoded place stays one council with two place codes."""
    agencies: list[Agency] = []
    older = {new: old for old, new, kind, _ in geography.changes if kind == "recode"}
    newer = {old: new for new, old in older.items()}
    counties = {row["ecode"][1:3]: row for row in geography.registry if row["gss-code"].startswith("E10")}
    for row in geography.registry:
        code, name = row["gss-code"], re.sub(r"\s+", " ", row["official-name"]).strip()
        identifiers = [("ecode", row["ecode"])] if row["ecode"] else []
        if code in geography.places:
            codes = [c for c in (older.get(code), code, newer.get(code)) if c]
            own = [geography.places[c] for c in codes]
            kind = "la_lower" if code.startswith("E07") else "la_unitary"
            agencies.append(
                Agency(
                    SLUGS.get(name, slugify(name)),
                    name,
                    kind,
                    identifiers + [("gss", c) for c in codes],
                    MYSOCIETY,
                    council_aliases(name, row["nice-name"], kind == "la_unitary"),
                    "",
                    own[0].valid_from,
                    own[-1].valid_to,
                    codes,
                    "boundary",
                    ONS,
                )
            )
        elif code.startswith("E10"):
            number = row["ecode"][1:3]
            districts = [p for p in geography.places.values() if p.county_number == number and p.code[:3] == "E07"]
            end = f"{row['end-date'][:4]}-04-01" if row["end-date"] else ""
            agencies.append(
                Agency(
                    slugify(name),
                    name,
                    "la_upper",
                    [*identifiers, ("gss", code)],
                    MYSOCIETY,
                    council_aliases(name, row["nice-name"], False),
                    "",
                    "",
                    end,
                    sorted(p.code for p in districts),
                    "population",
                    ONS,
                )
            )
    for agency in agencies:  # the unitary that took over a whole county is still paid under the county's name
        for number, county in counties.items():
            taken = [p for p in agency.places if geography.places[p].county_number == number]
            if (
                taken
                and county["end-date"]
                and agency.name
                in {"Buckinghamshire Council", "Dorset Council", "North Yorkshire Council", "Somerset Council"}
                and agency.valid_from
            ):
                agency.aliases.append(county["official-name"])
    return agencies


def police(geography: Geography) -> list[Agency]:
    """Police authorities up to, and police and crime commissioners from, 22 November 2012."""
    agencies: list[Agency] = []
    for parts in lines(POLICE):
        head, counties, end = pad(parts, 3)
        old, new, name = head.split(" ", 2)
        codes = geography.resolve(counties)
        agencies.append(
            Agency(
                slugify(f"{name} Police Authority"),
                f"{name} Police Authority",
                "police",
                [("ecode", f"E60{old}")],
                "MHCLG revenue outturn 2010-11",
                [],
                "03.1",
                "",
                PCC_START,
                [p.code for p in geography.within(codes, "", PCC_START)],
                "population",
                f"force area: {OWN}",
            )
        )
        commissioner = f"{name} Police and Crime Commissioner"
        aliases = [
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
        agencies.append(
            Agency(
                slugify(commissioner),
                commissioner,
                "police",
                [("ecode", f"E70{new}")],
                "MHCLG revenue outturn 2014-15",
                aliases,
                "03.1",
                PCC_START,
                end,
                [p.code for p in geography.within(codes, PCC_START, end)],
                "population",
                f"force area: {OWN}",
            )
        )
    return agencies


def fire(geography: Geography) -> list[Agency]:
    """Combined and metropolitan fire and rescue authorities; county fire services are inside their council."""
    agencies: list[Agency] = []
    for parts in lines(FIRE):
        head, counties, start, end = pad(parts, 4)
        ecode, name = head.split(" ", 1)
        full = f"{name} Fire and Rescue Authority"
        codes = geography.resolve(counties)
        agencies.append(
            Agency(
                SLUGS.get(full, slugify(full)),
                full,
                "fire",
                [("ecode", ecode)] if ecode != "-" else [],
                "MHCLG revenue outturn" if ecode != "-" else OWN,
                [
                    f"{name} Fire and Rescue Service",
                    f"{name} Fire and Rescue",
                    f"{name} Fire Authority",
                    f"{name} Combined Fire Authority",
                    f"{name} Combined Fire and Rescue Authority",
                ],
                "03.2",
                start,
                end,
                [p.code for p in geography.within(codes, start, end)],
                "population",
                f"fire area: {OWN}",
            )
        )
    return agencies


def joint_bodies(geography: Geography) -> list[Agency]:
    """Waste, transport and park authorities, combined authorities and the Greater London Authority."""
    agencies: list[Agency] = []
    for parts in lines(JOINT_BODIES):
        head, aliases, facts, start, end = pad(parts, 5)
        ecode, service, name = head.split(" ", 2)
        identifiers = [("ecode", ecode)]
        if ecode in PARK_GSS:
            identifiers.append(("gss", f"E260000{int(PARK_GSS[ecode]):02d}"))
        agencies.append(
            Agency(
                slugify(name),
                name,
                "regional",
                identifiers,
                "MHCLG revenue outturn",
                split(aliases),
                service,
                start,
                end,
                [p.code for p in geography.within(geography.resolve(facts), start, end)],
                "population",
                f"area: {OWN}",
            )
        )
    for parts in lines(COMBINED):
        head, aliases, facts, start, end = pad(parts, 5)
        ecode, gss, name = head.split(" ", 2)
        identifiers = [pair for pair in (("ecode", ecode), ("gss", gss)) if pair[1] != "-"]
        slug = slugify(name)
        agencies.append(
            Agency(
                slug,
                name,
                "combined_authority",
                identifiers,
                f"{ONS}; dates: {OWN}",
                split(aliases) + POLICE_AFTER.get(slug, []),
                "",
                start,
                end,
                [p.code for p in geography.within(geography.resolve(facts), start, end)],
                "population",
                f"{ONS}; dates: {OWN}" if gss != "-" else OWN,
            )
        )
    agencies.append(
        Agency(
            "greater-london-authority",
            "Greater London Authority",
            "regional",
            [("ecode", "E5100"), ("gss", "E61000001")],
            MYSOCIETY,
            ["GLA"],
            "",
            "",
            "",
            geography.resolve("50"),
            "population",
            ONS,
        )
    )
    return agencies


def split(text: str) -> list[str]:
    """Names between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def national_and_health(geography: Geography, reference: Path) -> list[Agency]:
    """Departments, DWP, integrated care boards, and the trusts and groups of the returns folder."""
    agencies: list[Agency] = []
    for parts in lines(NATIONAL):
        head, aliases, start, end = pad(parts, 4)
        kind, identifier, name = head.split(" ", 2)
        scheme, _, value = identifier.partition(":")
        service = {"dwp": "10", "arms_length_body": "01.4"}.get(kind, "")
        agencies.append(
            Agency(
                slugify(name),
                name,
                kind,
                [(scheme, value)] if value else [],
                "GOV.UK organisation register" if value else OWN,
                split(aliases),
                service,
                start,
                end,
                sorted(geography.places) if kind == "dwp" else [],
                "population",
                "serves all England: shares are of England only, though it pays in Great Britain"
                if kind == "dwp"
                else "",
            )
        )
    for parts in lines(HEALTH):
        slug, ods, kind, name, aliases, facts, start, end = pad(parts, 8)
        agencies.append(
            Agency(
                slug,
                name,
                kind,
                [("ods", ods)],
                "NHS ODS",
                split(aliases),
                "07",
                start,
                end,
                [p.code for p in geography.within(geography.resolve(facts), start, end)],
                "population",
                f"catchment: {OWN}",
            )
        )
    patients: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in read_csv(reference / "nhs_reference" / "nhs-england-allocations__2024_2025.csv"):
        patients[row["LAD21"]][row["ICS22"]] += float(row["pop 2022/23"] or 0)
    # A successor has the patients of its parts.
    for new in [p.code for p in geography.places.values() if p.code not in patients]:
        for old, successor, _, _ in geography.changes:
            if successor == new and old in patients:
                for board, count in patients[old].items():
                    patients[new][board] += count
    served: dict[str, list[str]] = defaultdict(list)
    for code, boards in patients.items():
        for board, count in boards.items():
            if count >= ICB_MINIMUM_SHARE * sum(boards.values()):
                served[board].append(code)
    served["QE1"] = geography.resolve("23 E07000027 E07000031")
    for row in read_csv(reference / "nhs_reference" / "ons__icb_names_codes_dec_2024.csv"):
        name, board = row["ICB24NM"], row["ICB24CDH"]
        short = name.replace("Integrated Care Board", "ICB")
        source = "GP practices of the NHS England allocation tool: districts with 20% of their patients in the board"
        if board == "QE1":
            source = f"{OWN}; of Westmorland and Furness only the south Cumbria part (Barrow and South Lakeland)"
        agencies.append(
            Agency(
                slugify(name),
                name,
                "nhs_commissioner",
                [("gss", row["ICB24CD"]), ("ods", board)],
                "ONS ICB names and codes",
                [short, short.removeprefix("NHS "), name.removeprefix("NHS ")],
                "07",
                ICB_START,
                "",
                [p.code for p in geography.within(sorted(served[board]), ICB_START, "")],
                "population",
                source,
            )
        )
    agencies.append(
        Agency(
            "altham-parish-council",
            "Altham Parish Council",
            "la_parish",
            [],
            "Hyndburn Borough Council ledger",
            [],
            "",
            "",
            "",
            ["E07000120"],
            "boundary",
            "Hyndburn Borough Council ledger",
        )
    )
    return agencies


def settle_aliases(agencies: list[Agency]) -> None:
    """Add spellings seen in ledgers; drop generated aliases that another body of the same time could claim."""
    by_slug = {agency.slug: agency for agency in agencies}
    for slug, names in SEEN.items():
        by_slug[slug].aliases += names
    seen = {slug: {normalised_name(n) for n in names} for slug, names in SEEN.items()}
    owners: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        owners[normalised_name(agency.name)].append(agency)
    claims: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        for key in {normalised_name(alias) for alias in agency.aliases}:
            claims[key].append(agency)
    for agency in agencies:
        kept: dict[str, str] = {}
        for alias in agency.aliases:
            key = normalised_name(alias)
            rivals = [other for other in owners[key] + claims[key] if other is not agency]
            clash = any(overlaps(agency.valid_from, agency.valid_to, r.valid_from, r.valid_to) for r in rivals)
            if clash and key in seen.get(agency.slug, set()):
                raise ValueError(f"{alias!r} of {agency.slug} is also claimed by {[r.slug for r in rivals]}")
            # A spelling that differs only in what the key drops is kept only where a ledger shows it.
            if clash or (key == normalised_name(agency.name) and key not in seen.get(agency.slug, set())):
                continue
            kept.setdefault(alias if key in seen.get(agency.slug, set()) else key, alias)
        agency.aliases = list(kept.values())


# -------------------- the seeds


def write_places(geography: Geography) -> dict[str, int]:
    """Places and their changes."""
    counties = {
        row["ecode"][1:3]: row["nice-name"].removesuffix(" County")
        for row in geography.registry
        if row["gss-code"].startswith("E10")
    }
    rows: list[tuple[str, ...]] = []
    for place in sorted(geography.places.values(), key=lambda p: p.code):
        kind = PLACE_TYPES[place.code[:3]]
        county = counties[place.county_number] if kind == "non_metropolitan_district" else ""
        if kind in {"metropolitan_district", "london_borough"}:
            county = METROPOLITAN_COUNTIES[place.county_number]
        rows.append((place.code, place.name, kind, county, place.region, place.valid_from, place.valid_to))
    rows.append(("UNALLOCATED", "Not allocated to a place", "unallocated", "", "", "", ""))
    changes = [
        (old, new, kind, date, "1", "whole_place", date, f"{ONS}; {MYSOCIETY}")
        for old, new, kind, date in geography.changes
    ]
    return {
        "places": write_seed(
            "places", "place_code place_name place_type county_name region_name valid_from valid_to", rows
        ),
        "place_changes": write_seed(
            "place_changes",
            "from_place_code to_place_code change_kind change_date weight weight_basis vintage source",
            changes,
        ),
    }


def write_areas(geography: Geography) -> dict[str, int]:
    """Pilot areas, light-touch areas, combined authorities and counties as dated groups of places."""
    rows: list[tuple[str, ...]] = []

    def add(code: str, name: str, kind: str, facts: str, start: str, end: str, source: str) -> None:
        for place in geography.within(geography.resolve(facts), start, end):
            latest = max(place.valid_from, start)
            first = min(d for d in (place.valid_to, end, "9999") if d)
            rows.append((code, name, kind, place.code, latest, "" if first == "9999" else first, source))

    for kind, block, source in (
        ("total_place_pilot", TOTAL_PLACE, f"HM Treasury list of the thirteen pilots, 2009; members: {OWN}"),
        ("light_touch", LIGHT_TOUCH, f"South West Forum briefing No 2 (2009); members: {OWN}"),
    ):
        for head, facts in lines(block):
            code, name = head.split(" ", 1)
            add(code, name, kind, facts, "2009-04-01", "", source)
    for parts in lines(COMBINED):
        head, _, facts, start, end = pad(parts, 5)
        _, gss, name = head.split(" ", 2)
        if gss != "-":
            add(gss, name, "combined_authority", facts, start, end, f"{ONS}; dates: {OWN}")
    for row in geography.registry:
        if row["gss-code"].startswith("E10"):
            end = f"{row['end-date'][:4]}-04-01" if row["end-date"] else ""
            districts = [
                p.code
                for p in geography.places.values()
                if p.county_number == row["ecode"][1:3] and p.code[:3] == "E07"
            ]
            for place in geography.within(sorted(districts), "2009-04-01", end):
                rows.append(
                    (
                        row["gss-code"],
                        row["nice-name"].removesuffix(" County"),
                        "county",
                        place.code,
                        place.valid_from,
                        place.valid_to or end,
                        ONS,
                    )
                )
    return {"areas": write_seed("areas", "area_code area_name area_kind place_code valid_from valid_to source", rows)}


def write_agencies(agencies: list[Agency]) -> dict[str, int]:
    """Agencies, their identifiers and the places they serve."""
    agencies = sorted(agencies, key=lambda agency: agency.slug)
    main: list[tuple[str, ...]] = []
    identifiers: list[tuple[str, str, str]] = []
    places: list[tuple[str, ...]] = []
    for agency in agencies:
        scheme, value = agency.identifiers[0] if agency.identifiers else ("", "")
        main.append(
            (
                agency.slug,
                agency.name,
                agency.kind,
                scheme,
                value,
                ";".join(agency.aliases),
                agency.service,
                "mdy" if agency.slug in US_DATES else "dmy",
                agency.valid_from,
                agency.valid_to,
                agency.source,
            )
        )
        identifiers += [(agency.slug, *pair) for pair in agency.identifiers]
        for code in agency.places:
            weight = "1" if agency.driver == "boundary" else ""
            places.append((agency.slug, code, "", weight, agency.driver, agency.place_source))
    return {
        "agencies": write_seed(
            "agencies",
            "agency_slug agency_name agency_type identifier_scheme identifier aliases default_service_code date_order "
            "valid_from valid_to source",
            main,
        ),
        "agency_identifiers": write_seed("agency_identifiers", "agency_slug identifier_scheme identifier", identifiers),
        "agency_places": write_seed(
            "agency_places", "agency_slug place_code financial_year weight driver source", places
        ),
    }


def populations(geography: Geography, reference: Path) -> list[tuple[str, str, str, int, str]]:
    """Census counts by place code; raises when the parts of a successor do not add up to its published figure."""
    published = {
        "2011": "ONS: Census 2011 by district on 2021 boundaries",
        "2021": "ONS: Census 2021 by district as in the reference table; it sums to 56428400 for England, the "
        "published first results to 56489800",
    }
    rows: dict[tuple[str, str], tuple[str, str, str, int, str]] = {}

    def put(code: str, year: str, count: int, source: str) -> None:
        rows.setdefault((code, year), (code, f"census_{year}", year, count, source))

    for row in read_csv(reference / "population_tax" / "ons__census_population_2011_2021_by_lad.csv"):
        if row["lad_code"] in geography.places:
            for year in ("2011", "2021"):
                put(row["lad_code"], year, int(row[f"population_census_{year}"]), published[year])
    facts = CENSUS_2011_ABOLISHED.split()
    for code, count in zip(facts[::2], facts[1::2], strict=True):
        put(code, "2011", int(count), f"Census 2011: {OWN}, checked to add up to the published figure of the successor")
    for old, new, kind, _ in geography.changes:
        if kind == "recode":
            for year in ("2011", "2021"):
                known = rows.get((old, year)) or rows.get((new, year))
                if known:
                    for code in (old, new):
                        put(code, year, known[3], f"{published[year]}; same ground under another code ({known[0]})")
    parts: dict[str, list[str]] = defaultdict(list)
    for old, new, kind, _ in geography.changes:
        if kind == "merge":
            parts[new].append(old)
    for new, old_codes in parts.items():
        for year in ("2011", "2021"):
            if all((old, year) in rows for old in old_codes):
                total = sum(rows[old, year][3] for old in old_codes)
                put(new, year, total, f"{published[year]}; sum of {' '.join(old_codes)}")
                if rows[new, year][3] != total:
                    raise ValueError(f"{new} {year}: {rows[new, year][3]} published, its parts sum to {total}")
    return sorted(rows.values())


def write_facts(geography: Geography, reference: Path) -> dict[str, int]:
    """Populations, deflators and COFOG."""
    deflators = [
        (row["quarter"], row["index_2022_100"], "2022=100", row["series"], row["release_date"])
        for row in read_csv(reference / "fiscal_reference" / "ons__gdp_deflator_ybgb_2025-06-30.csv")
    ]
    services: list[tuple[str, str, int, str]] = []
    for row in read_csv(reference / "cra_pesa" / "hmt-okfn__cofog.csv"):
        code = row["Code"]
        name = re.sub(r"\s*\((CS|IS|IS/CS|CS/IS|BPHN)\)\s*$", "", row["Description"]).strip()
        services.append((code, re.sub(r"\s+", " ", name), code.count(".") + 1, code.rpartition(".")[0]))
    return {
        "populations": write_seed(
            "populations",
            "place_code vintage reference_year population_count source",
            populations(geography, reference),
        ),
        "deflators": write_seed("deflators", "quarter index_value base series release_date", deflators),
        "services": write_seed(
            "services", "service_code service_name service_level parent_service_code", sorted(services)
        ),
    }


def rebuild(reference: Path, returns: Path) -> dict[str, int]:
    """Write every derived seed; returns rows by seed. Raises ValueError when an authority has no agency."""
    geography = Geography(reference)
    agencies = [
        *councils(geography),
        *police(geography),
        *fire(geography),
        *joint_bodies(geography),
        *national_and_health(geography, reference),
    ]
    settle_aliases(agencies)
    known = {value for agency in agencies for scheme, value in agency.identifiers if scheme == "ecode"}
    missing = {code: name for code, name in revenue_outturn_codes(returns).items() if code not in known}
    if missing:
        raise ValueError(f"authorities without an agency: {missing}")
    return (
        write_places(geography) | write_areas(geography) | write_agencies(agencies) | write_facts(geography, reference)
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m ingest.registry.rebuild_seeds REFERENCE_FOLDER RETURNS_FOLDER")
    for seed, count in rebuild(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(f"seed_{seed}.csv: {count} rows")
