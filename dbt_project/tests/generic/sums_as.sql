{# Two tables hold the same money at the coarser grain of the two. #}
{% test sums_as(model, other, group_columns, sum_columns) %}
with mine as (
    select
        {{ group_columns | join(", ") }}
        {% for column in sum_columns %}, sum({{ column }}) as {{ column }} {% endfor %}
    from {{ model }}
    group by all
),

theirs as (
    select
        {{ group_columns | join(", ") }}
        {% for column in sum_columns %}, sum({{ column }}) as {{ column }} {% endfor %}
    from {{ other }}
    where {{ sum_columns[0] }} is not null
    group by all
    having {{ sum_columns[0] }} <> 0
)

(select * from mine where {{ sum_columns[0] }} <> 0 except all select * from theirs)
union all
(select * from theirs except all select * from mine)
{% endtest %}
