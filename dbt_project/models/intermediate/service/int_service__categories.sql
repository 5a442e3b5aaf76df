{% set fields = ["expense_area", "department", "expense_type", "merchant_category"] %}
-- The first service rule and the first purchase rule that fit any of the categories of a combination; combinations that
-- none fits are left out. With the number by which a line knows its wording.
with ruled as (
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
                and combinations.scope_no = {{ field }}_words.scope_no
                and combinations.{{ field }} = {{ field }}_words.text
    {% endfor %}
)

select
    scope_no,
    wording_no,
    {{ fields | join(",\n    ") }},
    rule_order,
    purchase_order
from ruled
where rule_order is not null or purchase_order is not null
