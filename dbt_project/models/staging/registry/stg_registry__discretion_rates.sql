-- The share of a body's spend it could move at its own discretion. A rate the user set (registry `rates`, named
-- kappa_<discretion>) comes before the shipped one; blank stays blank and frees nothing.
with own as (
    {{ registry_rows("rates", ["rate_name", "value"]) }}
)

select
    seed.discretion,
    coalesce(cast(own.value as decimal(18, 12)), cast(seed.kappa as decimal(18, 12))) as kappa
from {{ ref("seed_discretion_rates") }} as seed
left join own on own.rate_name = 'kappa_' || seed.discretion
