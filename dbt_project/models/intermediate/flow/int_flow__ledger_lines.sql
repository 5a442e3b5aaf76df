{{ config(materialized='view') }}
-- Lines of payment, whichever way they were paid: supplier ledgers and procurement cards are one layer of transactions,
-- and add up to one account of an agency.
select * from {{ ref("stg_spend__lines") }}
union all by name
select * exclude (payee_postcode, vat_amount_gbp) from {{ ref("stg_procurement_card__lines") }}
