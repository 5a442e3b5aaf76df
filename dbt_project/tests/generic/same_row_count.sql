{# Nothing is lost or doubled on the way: both hold as many rows. #}
{% test same_row_count(model, other) %}
select
    mine.row_count,
    theirs.row_count as other_row_count
from (select count(*) as row_count from {{ model }}) as mine
cross join (select count(*) as row_count from {{ other }}) as theirs
where mine.row_count <> theirs.row_count
{% endtest %}
