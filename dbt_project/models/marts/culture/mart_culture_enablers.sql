-- What helps to work together, place by place: the same measures as of barriers.
{{ culture_measures("enabler") }}

select
    measures.place_code,
    places.place_name,
    measures.financial_year,
    measures.reported_type as enabler_type,
    {{ culture_measure_columns("effect") }}
from measures
left join {{ ref("dim_place") }} as places on measures.place_code = places.place_code
