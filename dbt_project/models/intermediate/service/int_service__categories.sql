{% set fields = ["expense_area", "department", "expense_type", "merchant_category"] %}
-- The first service rule and the first purchase rule that fit any of the categories of a combination; combinations that
-- none fits are left out. With the numbers by which a line knows its agency and year, and its wording.
with ledgers as (
    select distinct
        ledger_no,
        agency_slug,
        financial_year
    from {{ ref("int_flow__origins") }}
),

ruled as (
    select
        combinations.*,
        least(
            {% for field in fields -%}
                {{ field }}_words.rule_order{{ ",\n            " if not loop.last }}
            {%- endfor %}
        ) as rule_order,
        least(
            {% for field in fields -%}
                {{ field }}_words.purchase_order{{ ",\n            " if not loop.last }}
            {%- endfor %}
        ) as purchase_order
    from {{ ref("int_service__combinations") }} as combinations
    {% for field in fields %}
        left join {{ ref("int_service__words") }} as {{ field }}_words
            on {{ field }}_words.field = '{{ field }}'
                and combinations.agency_slug = {{ field }}_words.agency_slug
                and combinations.financial_year = {{ field }}_words.financial_year
                and combinations.{{ field }} = {{ field }}_words.text
    {% endfor %}
)

select
    ledgers.ledger_no,
    wordings.wording_no,
    ruled.agency_slug,
    ruled.financial_year,
    ruled.{{ fields | join(",\n    ruled.") }},
    ruled.rule_order,
    ruled.purchase_order
from ruled
inner join ledgers on ruled.agency_slug = ledgers.agency_slug and ruled.financial_year = ledgers.financial_year
inner join {{ ref("int_flow__wordings") }} as wordings
    on ruled.expense_area is not distinct from wordings.expense_area
        and ruled.department is not distinct from wordings.department
        and ruled.expense_type is not distinct from wordings.expense_type
        and ruled.merchant_category is not distinct from wordings.merchant_category
where ruled.rule_order is not null or ruled.purchase_order is not null
