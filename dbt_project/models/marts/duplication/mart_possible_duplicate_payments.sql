-- Groups of payments that may be one payment made twice, each payment in its highest tier only
-- (docs/duplicate-payments.md).
with suppliers as (
    select
        resolved_supplier_id,
        min(supplier_name) as supplier_name
    from {{ ref("dim_supplier") }}
    group by resolved_supplier_id
),

ordered as (
    select
        *,
        row_number() over (
            order by
                group_id, (role = 'credit'), payment_number, file_name, sheet_name, row_number, cell_ref, flow_id
        ) as place_no
    from {{ ref("mart_possible_duplicate_payment_lines") }}
),

members as (
    select
        group_id,
        list({
            'payment_number': payment_number, 'role': role, 'flow_id': flow_id, 'file_name': file_name,
            'sheet_name': sheet_name, 'row_number': row_number, 'payment_date': payment_date, 'amount_gbp': amount_gbp
        } order by place_no) as members
    from ordered
    group by group_id
),

valued as (
    select
        *,
        cast(greatest(0, payment_count - credit_count - 1) * amount_gbp as decimal(18, 2)) as again_gbp,
        tier in ('D1', 'D3') as is_excess
    from {{ ref("int_payment__groups") }}
)

select
    valued.group_id,
    valued.agency_slug,
    valued.financial_year,
    valued.tier,
    case valued.tier
        when 'D1' then 'same supplier, reference and amount'
        when 'D2'
            then
                'same supplier and amount, another reference, '
                || datediff('day', valued.first_payment_date, valued.last_payment_date)
                || ' days apart, twice in the whole history'
        when 'D3' then 'same reference and amount, one supplier set up ' || valued.set_up_count || ' times'
        when 'D4' then 'same reference and amount, another supplier'
    end
    || case valued.credit_count
        when 0 then ''
        when 1 then '; 1 credit of the amount'
        else '; ' || valued.credit_count || ' credits of the amount'
    end
    || case
        when valued.is_excess and valued.payment_count > 2
            then '; ' || valued.payment_count || ' payments: the reference may be of a contract or a standing order'
        else ''
    end as reason,
    valued.resolved_supplier_id,
    suppliers.supplier_name,
    valued.payment_count,
    valued.credit_count,
    valued.first_payment_date,
    valued.last_payment_date,
    cast(valued.amount_gbp as decimal(18, 2)) as amount_gbp,
    case when valued.is_excess then valued.again_gbp else 0 end as excess_gbp,
    case when valued.is_excess then 0 else valued.again_gbp end as review_gbp,
    case
        when reviews.status is not null then reviews.status
        when valued.again_gbp = 0 then 'credited'
        else 'open'
    end as status,
    cast(case when reviews.status = 'confirmed' then valued.again_gbp else 0 end as decimal(18, 2)) as confirmed_gbp,
    reviews.reason as review_reason,
    reviews.reviewed_on,
    members.members
from valued
inner join members on valued.group_id = members.group_id
left join suppliers on valued.resolved_supplier_id = suppliers.resolved_supplier_id
left join {{ ref("stg_registry__duplicate_reviews") }} as reviews on valued.group_id = reviews.group_id
