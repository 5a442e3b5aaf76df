select
    financial_year,
    vintage,
    reason
from {{ ref("seed_population_stand_ins") }}
