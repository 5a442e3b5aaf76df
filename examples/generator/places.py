"""The names and codes of the synthetic place.

Belongs here: what every other module calls the places and agencies. Must not be here: money, files.
No code here is a real one: the GSS register has no entity X99.
"""

EXAMPLESHIRE = "X99000001"
NORTHSHIRE = "X99000002"
AREA = "X99000100"

PLACE_NAMES = {EXAMPLESHIRE: "Exampleshire (synthetic)", NORTHSHIRE: "Northshire (synthetic)"}
AREA_NAME = "Greater Exampleshire (synthetic)"
POPULATIONS = {EXAMPLESHIRE: 412_357, NORTHSHIRE: 187_643}

COUNCIL = "exampleshire-council"
ICB = "exampleshire-icb"
TRUST = "exampleshire-hospitals-trust"
FIRE = "exampleshire-fire"
JOBCENTRE = "exampleshire-jobcentre"
POLICE = "exampleshire-police"
PROBATION = "exampleshire-probation"
