-- depends_on: {{ ref("stg_registry__redaction_words") }}
{% set words = ref("stg_registry__redaction_words") %}
-- Each distinct payee name once: its exact key and what is known of it: a register number that
-- stands beside the name somewhere, else the words of the name itself.
with spellings as (
    select distinct payee_name
    from {{ ref("int_flow__ledger_lines") }}
    where payee_name is not null
),

keyed as (
    select
        payee_name,
        {{ normalised_name("payee_name") }} as payee_key,
        regexp_full_match(payee_name, {{ redaction_pattern(words, "redacted") }}, 'i') as is_redacted,
        regexp_full_match(payee_name, {{ redaction_pattern(words, "placeholder") }}, 'i') as is_placeholder
    from spellings
)

select
    keyed.payee_name,
    keyed.payee_key,
    case
        when is_redacted then 'redacted'
        when is_placeholder then 'placeholder'
        when keyed.payee_key is null then 'unclassified'
        when charities.payee_key is not null then 'charity'
        when regexp_matches(keyed.payee_name, '\b(CHARITY|CHARITABLE)\b', 'i') then 'charity'
        when regexp_matches(keyed.payee_name, '\b(LTD|LIMITED|PLC|LLP|CIC)\b', 'i') then 'company'
        else 'unclassified'
    end as name_class,
    case
        when keyed.payee_key is not null then coalesce(names.supplier_id, md5(keyed.payee_key))
    end as resolved_supplier_id
from keyed
left join {{ ref("stg_intake__supplier_names") }} as names on keyed.payee_name = names.payee_name
left join {{ ref("int_programme__charities") }} as charities on keyed.payee_key = charities.payee_key
