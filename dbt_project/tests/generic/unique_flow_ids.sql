{# Every flow has an id, and no two the same. An id of a ledger line is the prefix of its origin and its cell, so lines are told
   apart by cell within a prefix, as numbers; an id that was given otherwise is compared as it is, with those of lines where it
   begins like one. Cells of a column are marked row by row in a row of bits for each 65,536 of them: as many are marked as there are
   lines, or two are the same. Reading the ids of all lines out of the view took longer than building it, and to group ten million
   cells six times as long. #}
{% test unique_flow_ids(model, lines, origins, others) %}
with prefixes as (
    select
        origin_no,
        flow_prefix,
        hash(flow_prefix) as prefix_no
    from {{ origins }}
),

blocks as (
    select
        origin_no,
        cell_column,
        row_number // 65536 as block_no,
        count(*) as row_count,
        bitstring_agg(row_number % 65536, 0, 65535) as marks
    from {{ lines }}
    where own_flow_id is null
    group by all
),

cells as (
    select
        prefixes.prefix_no,
        blocks.cell_column,
        blocks.block_no,
        sum(blocks.row_count) - bit_count(bit_or(blocks.marks)) as row_count
    from blocks
    inner join prefixes on blocks.origin_no = prefixes.origin_no
    group by all
    having
        sum(blocks.row_count) <> bit_count(bit_or(blocks.marks))
        or blocks.block_no is null
        or blocks.cell_column is null
),

given as (
    select own_flow_id as flow_id from {{ lines }} where own_flow_id is not null
    union all
    select flow_id from {{ others }}
),

doubled as (
    select
        flow_id,
        count(*) as row_count
    from given
    group by flow_id
    having count(*) > 1 or flow_id is null
),

alike as (
    select
        given.flow_id,
        prefixes.origin_no,
        prefixes.flow_prefix
    from given
    inner join prefixes on left(given.flow_id, length(prefixes.flow_prefix)) = prefixes.flow_prefix
),

taken as (
    select
        alike.flow_id,
        2 as row_count
    from {{ lines }} as lines
    inner join alike
        on lines.origin_no = alike.origin_no
            and lines.own_flow_id is null
            and alike.flow_prefix || lines.cell_column || lines.row_number = alike.flow_id
)

select prefix_no || ' ' || cell_column || block_no * 65536 || ' and on' as flow_id, row_count from cells
union all
select flow_id, row_count from doubled
union all
select flow_id, row_count from taken
union all
select 'of ' || origin_no as flow_id, 1 as row_count from prefixes where flow_prefix is null
{% endtest %}
