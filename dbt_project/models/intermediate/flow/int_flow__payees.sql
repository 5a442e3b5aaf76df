-- depends_on: {{ ref("stg_registry__redaction_words") }}, {{ ref("stg_registry__service_rules") }}
-- depends_on: {{ ref("stg_registry__transfer_rules") }}, {{ ref("stg_registry__purchase_rules") }}
{% set rules = [ref("stg_registry__service_rules"), ref("stg_registry__purchase_rules")] %}
{% set words = ref("stg_registry__redaction_words") %}
-- Each distinct payee name once: its exact key and what is known of it: a register number that
-- stands beside the name somewhere, else the words of the name itself. What only a few names have (a word of a rule,
-- the name of a public body) is told here, so that lines ask it by number.
with spellings as (
    select distinct
        payee_no,
        payee_name
    from {{ source("lake", "ledger_payees") }}
),

keyed as (
    select
        payee_no,
        payee_name,
        {{ normalised_name("payee_name") }} as payee_key,
        regexp_full_match(payee_name, {{ redaction_pattern(words, "redacted") }}, 'i') as is_redacted,
        regexp_full_match(payee_name, {{ redaction_pattern(words, "placeholder") }}, 'i') as is_placeholder,
        coalesce({{ has_service_words(rules, ["payee_name"]) }}, false) as has_words,
        coalesce({{ may_fit_a_transfer_rule(ref("stg_registry__transfer_rules"), ["payee_name"]) }}, false)
            as may_be_transfer
    from spellings
),

bodies as (
    select distinct
        name_key,
        name_no
    from {{ ref("int_flow__named_bodies") }}
)

select
    keyed.payee_no,
    keyed.payee_name,
    keyed.payee_key,
    bodies.name_no,
    keyed.has_words,
    keyed.may_be_transfer,
    case
        when is_redacted then 'redacted'
        when is_placeholder then 'placeholder'
        when keyed.payee_key is null then 'unclassified'
        when charities.payee_key is not null then 'charity'
        when regexp_matches(keyed.payee_name, '\b(CHARITY|CHARITABLE)\b', 'i') then 'charity'
        when regexp_matches(keyed.payee_name, '\b(LTD|LIMITED|PLC|LLP|CIC)\b', 'i') then 'company'
        else 'unclassified'
    end as name_class,
    case when keyed.payee_key is not null then md5(keyed.payee_key) end as supplier_id,
    case
        when keyed.payee_key is not null then coalesce(names.supplier_id, md5(keyed.payee_key))
    end as resolved_supplier_id
from keyed
left join {{ ref("stg_intake__supplier_names") }} as names on keyed.payee_name = names.payee_name
left join {{ ref("int_programme__charities") }} as charities on keyed.payee_key = charities.payee_key
left join bodies on keyed.payee_key = bodies.name_key
