{# A table, made under its own name in one transaction: whoever reads meanwhile reads the old one, and a model that fails leaves it.
   The adapter's own way makes it beside, renames the old one and the new one and drops the old, and looks for all of them among the
   relations first: half of what dbt takes for a small model. Indexes, grants, foreign keys and persisted comments, which it looks
   after, are used nowhere here. A model that was a view in the same database must be dropped before it is a table. #}
{% materialization table, adapter="duckdb", supported_languages=["sql"] %}
    {%- set target = this.incorporate(type="table") -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement("main") -%}
        drop table if exists {{ target }};
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
