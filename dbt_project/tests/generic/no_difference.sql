{# An identity of money holds to the penny: every row that must agree has a difference of nought. #}
{% test no_difference(model, column_name, required) %}
select *
from {{ model }}
where {{ required }} and ({{ column_name }} is null or {{ column_name }} <> 0)
{% endtest %}
