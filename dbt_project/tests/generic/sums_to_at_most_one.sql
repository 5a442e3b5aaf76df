{# Weights of one group never hand out more than there is. #}
{% test sums_to_at_most_one(model, column_name, group_columns, only_where="true") %}
select
    {{ group_columns | join(", ") }},
    sum({{ column_name }}) as total
from {{ model }}
where {{ only_where }}
group by {{ group_columns | join(", ") }}
having sum({{ column_name }}) > 1
{% endtest %}
