-- Payee names that stand beside a number of a charity register, in an award or in a ledger. Awards to people have lost
-- name and number at reading; a number of another register (companies, say) makes no charity.
-- Ledgers are read in the lake itself: a repeated row names its payee as well as a counted one, and millions of lines
-- without an identifier are passed over unread.
with payers_say as materialized (  -- else names are normalised before identifiers are looked at
    select
        payee_name,
        payee_identifier
    from {{ source("lake", "spend") }}
    where payee_identifier >= 'GB-' and payee_identifier < 'GB.'
    union all
    select
        payee_name,
        payee_identifier
    from {{ source("lake", "procurement_card") }}
    where payee_identifier >= 'GB-' and payee_identifier < 'GB.'
),

named as (
    select
        {{ normalised_name("recipient_name") }} as payee_key,
        coalesce({{ charity_number("recipient_identifier") }}, upper(recipient_charity_number)) as written_number
    from {{ ref("stg_grants__lines") }}
    where not coalesce(recipient_is_individual, false)
    union all
    select
        {{ normalised_name("payee_name") }} as payee_key,
        {{ charity_number("payee_identifier") }} as written_number
    from payers_say
),

-- A charity number can stand beside a public body (a trust that a council runs): the body stays what it is.
public_bodies as (
    select names.name_key
    from {{ ref("int_agency__names") }} as names
    inner join {{ ref("stg_registry__agencies") }} as agencies on names.agency_slug = agencies.agency_slug
    where agencies.agency_type <> 'third_sector'
),

numbered as (
    select
        payee_key,
        -- Spreadsheets pad the older numbers of England and Wales with a nought.
        ltrim(replace(written_number, ' ', ''), '0') as charity_number
    from named
    where payee_key is not null
)

select
    payee_key,
    case when count(distinct charity_number) = 1 then min(charity_number) end as payee_charity_number,
    count(distinct charity_number) as charity_number_count
from numbered
anti join public_bodies on numbered.payee_key = public_bodies.name_key
where regexp_full_match(charity_number, '[0-9]{6,7}(-[0-9]{1,2})?|SC[0-9]{6}|NIC?[0-9]{6}')
group by payee_key
