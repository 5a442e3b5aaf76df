{# Split whole pence over integer units so that the parts add up to the whole, whatever its sign.
   `relation` has one row per part: a group id, the group's pence, the part's units and the group's total units.
   Shares are rounded down on |pence|; what is left goes, a penny each, to the largest remainders, ties by `tie_break`.
   Gives every column of `relation` and `part_pence`. #}
{% macro largest_remainder(relation, group_id, pence, units, total_units, tie_break) -%}
select
    floored.* exclude (floor_pence, remainder_units, left_pence),
    cast(
        sign({{ pence }}) * (
            floor_pence
            + case
                when row_number() over (
                    partition by {{ group_id }} order by remainder_units desc, {{ tie_break }}
                ) <= left_pence then 1
                else 0
            end
        ) as hugeint
    ) as part_pence
from (
    select
        rounded_down.*,
        abs({{ pence }})::hugeint * {{ units }}::hugeint - floor_pence * {{ total_units }}::hugeint as remainder_units,
        abs({{ pence }})::hugeint - sum(floor_pence) over (partition by {{ group_id }}) as left_pence
    from (
        select
            shares.*,
            -- Most money is not divided, and dividing such large numbers is slow.
            case
                when {{ units }} = {{ total_units }} and {{ total_units }} > 0 then abs({{ pence }})::hugeint
                else abs({{ pence }})::hugeint * {{ units }}::hugeint // {{ total_units }}::hugeint
            end as floor_pence
        from {{ relation }} as shares
    ) as rounded_down
) as floored
{%- endmacro %}
