-- All that a payer of a shared supplier paid it, everywhere: the sums of int_supplier__purposes.
select
    payer_key,
    bit_or(month_set) as month_set,
    cast(sum(payment_count) as bigint) as payment_count,
    cast(sum(greatest(paid_pence, 0)) as bigint) as for_pence
from {{ ref("int_supplier__purposes") }}
group by payer_key
