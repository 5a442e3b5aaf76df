{# Kinds of transfer that never are the payer's spend, read from the columns of the row at hand. A recharge to another
   body is a purchase from it. #}
{% macro is_internal_recharge() -%}
(
    coalesce(counterparty_agency = agency_slug, false)
    or (coalesce(transfer_kind, '') = 'recharge' and counterparty_agency is null)
)
{%- endmacro %}

{% macro is_passed_on() -%}
(coalesce(transfer_kind, '') in ('collection_on_behalf', 'tax') or {{ is_internal_recharge() }})
{%- endmacro %}
