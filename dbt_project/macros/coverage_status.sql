{# Where what counts comes from. Income alone says nothing of spend: such an agency is missing. #}
{% macro coverage_status(counting) -%}
case
    when not coalesce({{ counting }}.has_outlays, false) then 'missing'
    when {{ counting }}.layer = 'accounts' then 'returned'
    when {{ counting }}.layer = 'transactions' then 'ledger_only'
    else 'estimated'
end
{%- endmacro %}
