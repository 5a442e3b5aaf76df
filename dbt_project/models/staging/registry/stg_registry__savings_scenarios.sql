-- Rates named savings_*, shipped and of the folder; a rate that is no share stays, so that its row can say why it is
-- empty.
{% set columns = ["rate_name", "value", "source"] %}
{{ extended_rows(ref("seed_savings_scenarios"), "rates", columns, ["rate_name"]) }}

select
    rate_name,
    cast(value as decimal(18, 12)) as rate,
    source,
    is_extension
from united
where starts_with(rate_name, 'savings_')
