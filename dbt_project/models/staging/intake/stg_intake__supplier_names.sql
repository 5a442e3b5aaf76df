select
    cast(payee_name as varchar) as payee_name,
    cast(supplier_id as varchar) as supplier_id,
    cast(supplier_key as varchar) as supplier_key,
    cast(method as varchar) as method,
    cast(score as double) as score,
    cast(reason as varchar) as reason,
    cast(payee_class as varchar) as payee_class
from {{ source('intake', 'supplier_names') }}
