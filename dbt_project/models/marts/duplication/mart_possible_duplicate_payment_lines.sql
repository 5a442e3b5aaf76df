-- The ledger lines of each group, with where they were published. payment_number tells the payments of a group apart.
with payments as (
    select
        transaction_key,
        min(payment_date) as first_date,
        min(concat_ws(chr(31), file_name, lpad(row_number::varchar, 9, '0'), cell_ref)) as first_place
    from {{ ref("int_payment__members") }}
    group by transaction_key
),

numbered as (
    select
        members.*,
        groups.group_id,
        dense_rank() over (
            partition by groups.group_id, members.role
            order by payments.first_date, payments.first_place
        ) as number_in_group
    from {{ ref("int_payment__members") }} as members
    inner join {{ ref("int_payment__groups") }} as groups
        on members.group_key = groups.group_key
            and members.tier = groups.tier
    inner join payments on members.transaction_key = payments.transaction_key
)

select
    group_id,
    number_in_group as payment_number,
    role,
    {{ provenance_columns() }},
    payment_date,
    amount_gbp
from numbered
