"""Which names are one supplier: distinct names in, clusters with stable ids out.

Names are resolved once each, never per line. A link joins two exact keys and says by what method, how surely and why; clusters are
what links hold together.

    names        what a name says, once case, punctuation, legal form and baggage are off
    word_lists   the words that need judgement, as data (`words/*.csv`)
    deletions    which keys are one slip of the keyboard apart (deletion-neighbourhood join)
    guards       whether two near keys are one name, or two names that look alike
    links        every proposed link, by method
    decisions    what a person decided: merge, split, never (`registry/supplier_links.csv`)
    clusters     links, identifiers and decisions to clusters and their ids
    payee_class  company, charity, public body, individual, redacted, placeholder

Belongs here: pure functions over names, identifiers and dates. Must not: read the lake or the warehouse, use the network, or look
at amounts. A decision about two names depends on those two alone, never on how common a word is among the names at hand: another
month's names must not undo it.
"""

from ingest.suppliers.resolve import Resolution, SupplierName, resolve

__all__ = ["Resolution", "SupplierName", "resolve"]
