-- Payee names that stand beside a number of a charity register, in an award or in a ledger. Awards to people have lost
-- name and number at reading; a number of another register (companies, say) makes no charity.
with named as (
    select
        {{ normalised_name("recipient_name") }} as payee_key,
        coalesce(
            nullif(regexp_extract(upper(recipient_identifier), '^GB-(?:CHC|SC|NIC)-(.+)$', 1), ''),
            upper(recipient_charity_number)
        ) as written_number
    from {{ ref("stg_grants__lines") }}
    where not coalesce(recipient_is_individual, false)
    union all
    select
        {{ normalised_name("payee_name") }} as payee_key,
        regexp_extract(upper(payee_identifier), '^GB-(?:CHC|SC|NIC)-(.+)$', 1) as written_number
    from {{ ref("int_flow__ledger_lines") }}
    where starts_with(upper(payee_identifier), 'GB-')
),

numbered as (
    select
        payee_key,
        replace(written_number, ' ', '') as charity_number
    from named
    where payee_key is not null
)

select
    payee_key,
    case when count(distinct charity_number) = 1 then min(charity_number) end as payee_charity_number,
    count(distinct charity_number) as charity_number_count
from numbered
where regexp_full_match(charity_number, '[0-9]{6,7}(-[0-9]{1,2})?|SC[0-9]{6}|NIC?[0-9]{6}')
group by payee_key
