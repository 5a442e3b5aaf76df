{# The reason of an outlay in a perimeter, from its reason as if the payee were inside: only what hangs on the payee being
   inside changes where it is not. #}
{% macro reason_within(is_inside, reason_inside) -%}
case
    when {{ reason_inside }} in ('payee_not_returned', 'payee_inside_perimeter', 'already_netted') and not {{ is_inside }}
        then 'payee_outside_perimeter'
    else {{ reason_inside }}
end
{%- endmacro %}

{# What a reason does to the money: it stays, it is already off the payee's account, or it leaves the payer's spend. #}
{% macro treatment_of(reason) -%}
case
    when {{ reason }} in (
            'not_a_transfer', 'payee_not_named', 'place_not_allocated', 'payee_outside_perimeter', 'payee_not_returned'
        ) then 'stays'
    when {{ reason }} = 'already_netted' then 'already_netted'
    else 'eliminated'
end
{%- endmacro %}
