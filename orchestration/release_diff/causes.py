"""Naming: which revision, rule, mapping, registry row or code stands behind an effect.

Belongs here: words and evidence for what `attribution` found. Must not: change an amount. An effect for which the two releases show
no cause keeps its money under `unexplained`: it is never given to what merely happens to have changed as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.release_diff.attribution import Effect, Key, Lines, Placing
from orchestration.release_diff.facts import Inputs, Served
from orchestration.release_diff.shapes import UNEXPLAINED, Cause, Figure, pounds

_READING = {
    "registry": ("agencies", "places", "files", "header_synonyms", "personal_data"),
    "mappings": (), "rules": (), "code": (), "settings": ("limit_",),
}  # fmt: skip
_TRANSFERS = {
    "registry": ("transfer_rules", "agencies"),
    "seeds": ("transfer_rules", "agencies", "agency_identifiers"),
    "models": (),
}
_PLACES = {
    "registry": ("agency_places", "places", "areas", "populations", "drivers"),
    "seeds": ("agency_places", "places", "place_changes", "populations", "population_stand_ins", "drivers", "area_allocations"),
    "models": (),
}
_TREATMENT = {
    "registry": ("agencies", "agency_places", "areas", "transfer_rules"),
    "seeds": ("agencies", "agency_places"),
    "models": (),
}


_POPULATIONS = {
    "registry": ("populations", "places"), "seeds": ("populations", "population_stand_ins", "place_changes"), "models": (),
}  # fmt: skip
_LAYERS = {"registry": ("agencies", "layers"), "seeds": ("agencies", "layers"), "models": ()}
_PRICES = {"settings": ("price_base_year",), "seeds": ("deflators", "deflator_years"), "models": ()}


@dataclass(frozen=True)
class Evidence:
    """What is known of both releases. `repeated`: revisions whose rows that stand in several files changed; `kinds`: (agency,
    year) -> kinds of return whose account counted before and after."""

    before: Inputs
    after: Inputs
    made_with: Mapping[str, Sequence[str]]
    repeated: frozenset[str]
    kinds: Mapping[tuple[str, str], tuple[str, str]]
    returns_that_changed: Mapping[tuple[str, str], Sequence[str]]

    @property
    def may_places_differ(self) -> bool:
        return bool(_chosen(self.made_with, _PLACES))


def cause_of(effect: Effect, evidence: Evidence) -> Cause:
    """The cause of one effect, with its money."""
    cause = _named(effect.key, effect, evidence)
    return Cause(
        cause.kind, cause.words, cause.return_id, cause.revision_before, cause.revision_after, cause.files, cause.sha256,
        pounds(effect.aggregate), pounds(effect.consolidated),
    )  # fmt: skip


def causes_of_columns(columns: Sequence[str], figure: Figure, evidence: Evidence) -> list[Cause]:
    """Causes, without money, of what changed in a figure beside money that the causes of its money would change too."""
    found: list[Cause] = []
    if any(column.startswith("population") for column in columns):
        found.append(_of_files("another population", _POPULATIONS, evidence))
    if "price_base_year" in columns or ("consolidated_real_gbp" in columns and "consolidated_gbp" not in columns):
        found.append(_of_files("other prices", _PRICES, evidence))
    if "coverage_status" in columns:
        changed = evidence.returns_that_changed.get((figure.agency_slug, figure.financial_year), ())
        because = _of_return(changed[0], evidence) if changed else None
        found.append(because or _of_files("another coverage", _TREATMENT, evidence))
    return found


def _named(key: Key, effect: Effect, evidence: Evidence) -> Cause:
    if isinstance(key, Lines):
        return _of_lines(key, effect, evidence)
    if isinstance(key, Placing):
        return _of_files("the agency's money is divided over places in another way", _PLACES, evidence)
    payee = key.counterparty_agency
    was, now = (", ".join(reasons) or "nothing" for reasons in (key.reasons_before, key.reasons_after))
    words = f"{(key.transfer_kind or 'payment').replace('_', ' ')} to {payee or 'a body not named'}: {was} -> {now}"
    changed = evidence.returns_that_changed.get((payee or "", effect.figure.financial_year), ())
    if changed:
        because = _of_return(changed[0], evidence)
        if because is not None:
            return Cause(
                "treatment", f"{words}, because {because.words}", because.return_id, because.revision_before,
                because.revision_after, because.files, because.sha256,
            )  # fmt: skip
    return _of_files(words, _TREATMENT, evidence)


def _of_lines(lines: Lines, effect: Effect, evidence: Evidence) -> Cause:
    cause = _of_return(lines.return_id, evidence)
    if cause is not None:
        return cause
    now = evidence.after.in_service.get(lines.return_id)
    if now is None:
        return Cause(UNEXPLAINED, f"lines of {lines.return_id}, which neither release has in service", lines.return_id)
    if lines.change == "layer":
        was, is_now = evidence.kinds.get((effect.figure.agency_slug, effect.figure.financial_year), ("none", "none"))
        words = f"the account that counts for {effect.figure.agency_slug} is {is_now}, was {was}; lines of {lines.return_id}"
        others = evidence.returns_that_changed.get((effect.figure.agency_slug, effect.figure.financial_year), ())
        because = next((cause for other in others if (cause := _of_return(other, evidence))), None)
        if because is None:
            return _of_files(words, _LAYERS, evidence, now)
        return _with_file("layer", f"{words}, because {because.words}", now)
    if lines.change == "transfer":
        rules = f"rule {lines.rule_before or 'none'} -> {lines.rule_after or 'none'}"
        return _of_files(f"transfers in {lines.return_id} are recognised otherwise ({rules})", _TRANSFERS, evidence, now)
    if now.revision_id in evidence.repeated:
        return _with_file("repeated_rows", f"rows of {lines.return_id} also stand in another file, where they are counted", now)
    return _of_files(f"the same bytes of {lines.return_id} are read or classified otherwise", _READING, evidence, now)


def _of_return(return_id: str, evidence: Evidence) -> Cause | None:
    """The cause where another revision of the return is in service, none any more, or the first; else None."""
    old, new = evidence.before.in_service.get(return_id), evidence.after.in_service.get(return_id)
    if old is None and new is not None:
        earlier = evidence.before.by_revision.get((return_id, new.revision_id))
        words = f"return {return_id} came into service" + (f" (it was {earlier.standing})" if earlier else "")
        return Cause("return_added", words, return_id, None, new.revision_id, (new.file_name,), (new.sha256,))
    if old is not None and new is None:
        later = evidence.after.by_revision.get((return_id, old.revision_id))
        words = f"return {return_id} left service" + (f" (it is {later.standing})" if later else "")
        return Cause("return_removed", words, return_id, old.revision_id, None, (old.file_name,), (old.sha256,))
    if old is None or new is None:
        return None
    if old.revision_id != new.revision_id:
        words = f"return {return_id}: {old.file_name} ({old.sha256[:8]}) replaced by {new.file_name} ({new.sha256[:8]})"
        files, hashes = (old.file_name, new.file_name), (old.sha256, new.sha256)
        return Cause("revision_replaced", words, return_id, old.revision_id, new.revision_id, files, hashes)
    if old.waivers != new.waivers:
        words = f"waivers for {return_id}: {len(old.waivers)} -> {len(new.waivers)} in force"
        return Cause("waiver", words, return_id, old.revision_id, new.revision_id, (new.file_name,), (new.sha256,))
    return None


def _with_file(kind: str, words: str, served: Served) -> Cause:
    return Cause(kind, words, served.return_id, served.revision_id, served.revision_id, (served.file_name,), (served.sha256,))


def _of_files(words: str, wanted: Mapping[str, Sequence[str]], evidence: Evidence, served: Served | None = None) -> Cause:
    """The cause is a file of the registry, of the reference data or of the code: the first group of those that bear on it."""
    chosen = _chosen(evidence.made_with, wanted) or _chosen(evidence.made_with, {"models": (), "code": ()})
    return_id = served.return_id if served else None
    revision = served.revision_id if served else None
    if not chosen:
        return Cause(
            UNEXPLAINED, f"{words}; no rule, mapping, registry row or code that bears on it changed", return_id, revision, revision
        )
    files = tuple(name for names in chosen.values() for name in names)
    listed = ", ".join(files[:4]) + (f" and {len(files) - 4} more" if len(files) > 4 else "")
    return Cause(next(iter(chosen)), f"{words}: {listed} changed", return_id, revision, revision, files)


def _chosen(made_with: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Of the changed files those of the wanted groups; a group's words, where it has any, are names of its tables."""
    found: dict[str, Sequence[str]] = {}
    for group, tables in wanted.items():
        names = [name for name in made_with.get(group, ()) if not tables or _is_of(name, tables)]
        if names:
            found[group] = names
    return found


def _is_of(name: str, tables: Sequence[str]) -> bool:
    stem = name.rsplit("/", 1)[-1].removesuffix(".csv").removeprefix("seed_")
    return any(stem == table or (table.endswith("_") and stem.startswith(table)) for table in tables)
